package kube

//go:generate sh -c "cd ../../tools/kubetables && go run ./schema > ../../internal/kube/schema.tsv && go run ./defaults > ../../internal/kube/defaults.tsv"
