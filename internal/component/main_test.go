package component_test

import (
	"os"
	"testing"

	"github.com/envparity/parity/internal/component"
)

// shared has everything, for the tests that do not need a cluster of their own.
var shared = component.NewShared(component.WithNodes(2, map[string]string{pinnedImage: pinnedDigest}))

const (
	pinnedImage  = "registry.example:5000/shop/web:1.2"
	pinnedDigest = "sha256:1111111111111111111111111111111111111111111111111111111111111111"
)

func TestMain(m *testing.M) {
	code := m.Run()
	shared.Close()
	os.Exit(code)
}
