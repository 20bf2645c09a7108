archiverSearch.take("names",[[["match","A long match"]],[],[]]);
