package manifests

import (
	"flag"
	"testing"

	"github.com/envparity/parity/internal/collector/collectortest"
)

var update = flag.Bool("update", false, "write the golden files")

func TestCases(t *testing.T) { collectortest.Cases(t, New(), *update) }
