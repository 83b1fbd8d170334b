package kube

// The generator builds Kubernetes' defaulters of several versions, which takes
// minutes; see tools/kubetables.
//
//go:generate sh -c "cd ../../tools/kubetables && go run ./schema > ../../internal/kube/schema.tsv && go run ./minors v1.31.14 v1.33.13 v1.35.4 v1.37.2 > ../../internal/kube/defaults.tsv"
