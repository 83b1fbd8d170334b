// Package all lists every collector. A new one is one line here.
package all

import (
	"slices"
	"sync"

	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/collector/alerting"
	"github.com/envparity/parity/internal/collector/ansible"
	"github.com/envparity/parity/internal/collector/compose"
	"github.com/envparity/parity/internal/collector/dotenv"
	"github.com/envparity/parity/internal/collector/exec"
	"github.com/envparity/parity/internal/collector/files"
	"github.com/envparity/parity/internal/collector/helmfile"
	"github.com/envparity/parity/internal/collector/kubernetes"
	"github.com/envparity/parity/internal/collector/loki"
	"github.com/envparity/parity/internal/collector/manifests"
	"github.com/envparity/parity/internal/collector/oci"
	"github.com/envparity/parity/internal/collector/otlp"
	"github.com/envparity/parity/internal/collector/process"
	"github.com/envparity/parity/internal/collector/prometheus"
	"github.com/envparity/parity/internal/collector/provenance"
	"github.com/envparity/parity/internal/collector/sbom"
	"github.com/envparity/parity/internal/collector/terraform"
	"github.com/envparity/parity/internal/collector/terraformconfig"
	"github.com/envparity/parity/internal/collector/traces"
	"github.com/envparity/parity/internal/render"
)

// Collectors gives every collector, in the order in which people see them. It
// is the same list each time, so that what a collector shares between its
// sources is shared indeed.
var Collectors = sync.OnceValue(func() collector.Registry {
	charts := manifests.NewShared()
	return collector.Registry{
		charts.Collector(),
		helmfile.New(charts),
		kubernetes.New(),
		compose.New(),
		dotenv.New(),
		files.New(),
		process.New(),
		exec.New(),
		sbom.New(),
		provenance.New(),
		oci.New(),
		terraform.New(),
		terraformconfig.New(),
		ansible.New(),
		loki.New(),
		alerting.New(),
		prometheus.New(),
		traces.New(),
		otlp.New(),
	}
})

// Tasks returns what collectors have rendered in a process of its own.
func Tasks() []render.Task { return slices.Concat(manifests.Tasks(), compose.Tasks()) }
