archiverSearch.take("terms/551cb763b1/index",[[[0,"match","2020-01-01",5,1,26299380]],["!"],5]);
