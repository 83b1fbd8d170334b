package kube

import (
	"strings"

	"github.com/envparity/parity"
)

// workloadFamily is the family of what runs processes, whatever its format.
const workloadFamily = "workload"

// commonPaths translates the paths of a workload into those that other formats
// understand: of the container that bears the workload's name, or of the first.
func commonPaths(s *parity.SubjectFacts) func(path string) string {
	container := ""
	for i := range s.Facts {
		_, rest, ok := strings.Cut(s.Facts[i].Path, "/containers[name=")
		if !ok {
			continue
		}
		name, _, _ := strings.Cut(rest, "]")
		if container == "" || name == s.Subject.Name {
			container = name
		}
	}
	return func(path string) string { return commonPath(container, path) }
}

func commonPath(container, path string) string {
	if path == replicasPath {
		return "/deploy/replicas"
	}
	_, rest, ok := strings.Cut(path, "/containers[name="+container+"]")
	if !ok || strings.Contains(path, "/initContainers[") {
		return ""
	}
	switch {
	case rest == "/image":
		return rest
	case strings.HasPrefix(rest, "/env["):
		return "/environment" + rest[len("/env"):]
	case strings.HasPrefix(rest, "/effectiveEnv["):
		return "/environment" + rest[len("/effectiveEnv"):] + "/value"
	case rest == "/resources/limits/memory":
		return "/deploy" + rest
	case rest == "/resources/limits/cpu":
		return "/deploy/resources/limits/cpus"
	}
	return ""
}
