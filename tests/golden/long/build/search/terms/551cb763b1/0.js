archiverSearch.take("terms/551cb763b1/0","!> # !% &a> !%%&before> !! &day> !%)&end> !4!&first> !%#&hour> !/(&its> !/%&last> !3%&long> !%(&of> #%$%$&second> !+#&the> !4 &third> !/#&words> ! $");
