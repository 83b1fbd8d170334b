package compose

import (
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/kinds"
)

// format is the format of what Compose files declare.
const format = "compose"

// The kinds of what Compose files declare.
const (
	serviceKind = "service"
	jobKind     = "job"
	networkKind = "network"
	volumeKind  = "volume"
	secretKind  = "secret"
	configKind  = "config"
	modelKind   = "model"
)

func declared() []kinds.Kind {
	out := []kinds.Kind{{
		Name: serviceKind, Family: "workload", Common: commonPaths, Rank: kinds.RankLead,
		Replicas: "/deploy/replicas", Runs: true,
	}}
	for _, name := range []string{jobKind, networkKind, volumeKind, secretKind, configKind, modelKind} {
		out = append(out, kinds.Kind{Name: name})
	}
	for i := range out {
		out[i].Format, out[i].Surfaces = format, surfaces()
	}
	return out
}

// commonPaths says which paths of a service other formats of workloads understand:
// they are named as Compose names them.
func commonPaths(*parity.SubjectFacts) func(path string) string {
	return func(path string) string {
		if strings.HasPrefix(path, "/environment[") || path == "/image" || path == "/deploy/replicas" ||
			strings.HasPrefix(path, "/deploy/resources/") {
			return path
		}
		return ""
	}
}
