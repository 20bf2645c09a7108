archiverSearch.take("terms/7036c1755c/index",[[[1,"arabic","index",1,1,28355475],[0,"flood","index",5,0,25155360]],["!"],6]);
