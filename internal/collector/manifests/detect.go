package manifests

import (
	"bytes"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/api/konfig"

	"github.com/envparity/parity/internal/place"
)

// form is what a path holds.
type form uint8

const (
	missing form = iota
	plainFile
	directory
	kustomization
	chartForm
)

// formOf tells what a path holds. A chart is a directory with a Chart.yaml, or
// its packed form.
func formOf(fsys fs.FS, at string) form {
	info, err := fs.Stat(fsys, at)
	switch {
	case err != nil:
		return missing
	case !info.IsDir() && slices.Contains(konfig.RecognizedKustomizationFileNames(), path.Base(at)):
		return kustomization
	case !info.IsDir() && strings.HasSuffix(at, ".tgz"):
		return chartForm
	case !info.IsDir():
		return plainFile
	case len(kustomizationFiles(fsys, at)) > 0:
		return kustomization
	case isFile(fsys, path.Join(at, chartFile)):
		return chartForm
	default:
		return directory
	}
}

const chartFile = "Chart.yaml"

// kustomizationDir gives the directory of a kustomization that is named by
// itself or by its file.
func kustomizationDir(fsys fs.FS, at string) string {
	if isFile(fsys, at) {
		return path.Dir(at)
	}
	return at
}

func kustomizationFiles(fsys fs.FS, dir string) []string {
	var found []string
	for _, name := range konfig.RecognizedKustomizationFileNames() {
		if isFile(fsys, path.Join(dir, name)) {
			found = append(found, name)
		}
	}
	return found
}

func isFile(fsys fs.FS, at string) bool {
	info, err := fs.Stat(fsys, at)
	return err == nil && info.Mode().IsRegular()
}

func isDir(fsys fs.FS, at string) bool {
	info, err := fs.Stat(fsys, at)
	return err == nil && info.IsDir()
}

// detect says how well the collector fits a path.
func detect(p place.Place) int {
	switch formOf(p.FS, p.Path) {
	case kustomization:
		return 90
	case chartForm:
		return 85
	case plainFile:
		if isManifestName(p.Path) && sniff(p.FS, p.Path) {
			return 80
		}
	case directory:
		left := sniffFiles
		if sniffDir(p.FS, p.Path, 3, &left) {
			return 80
		}
	}
	return 0
}

// sniffFiles and sniffBytes bound what detection reads.
const (
	sniffFiles = 40
	sniffBytes = 64 << 10
)

// sniffDir looks for a manifest in a directory, a few levels deep.
func sniffDir(fsys fs.FS, dir string, depth int, left *int) bool {
	entries, err := fs.ReadDir(fsys, dir)
	if err != nil {
		return false
	}
	var below []string
	for _, e := range entries {
		at := path.Join(dir, e.Name())
		switch {
		case hidden(e.Name()):
		case e.IsDir():
			below = append(below, at)
		case isManifestName(at):
			if *left--; *left < 0 {
				return false
			}
			if sniff(fsys, at) {
				return true
			}
		}
	}
	if depth == 0 {
		return false
	}
	for _, at := range below {
		if f := formOf(fsys, at); f == kustomization || f == chartForm || f == directory && sniffDir(fsys, at, depth-1, left) {
			return true
		}
	}
	return false
}

func hidden(name string) bool { return strings.HasPrefix(name, ".") && name != "." }

func isManifestName(name string) bool {
	switch path.Ext(name) {
	case ".yaml", ".yml", ".json":
		return true
	}
	return false
}

// sniff reports whether a file begins with a Kubernetes object, without parsing
// it.
func sniff(fsys fs.FS, at string) bool {
	f, err := fsys.Open(at)
	if err != nil {
		return false
	}
	defer f.Close()
	head, err := io.ReadAll(io.LimitReader(f, sniffBytes))
	if err != nil {
		return false
	}
	if path.Ext(at) == ".json" {
		return bytes.Contains(head, []byte(`"apiVersion"`)) && bytes.Contains(head, []byte(`"kind"`))
	}
	return sniffYAML(head)
}

// sniffYAML looks at the keys of the first document that has any.
func sniffYAML(head []byte) bool {
	var version, kind, any bool
	for line := range bytes.Lines(head) {
		switch {
		case bytes.HasPrefix(line, []byte("---")) && any:
			return version && kind
		case bytes.HasPrefix(line, []byte("apiVersion:")):
			version = true
		case bytes.HasPrefix(line, []byte("kind:")):
			kind = true
		case bytes.HasPrefix(line, []byte("{")):
			return bytes.Contains(head, []byte(`"apiVersion"`)) && bytes.Contains(head, []byte(`"kind"`))
		}
		if c := line[0]; c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' {
			any = true
		}
	}
	return version && kind
}
