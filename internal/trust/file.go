package trust

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/envparity/parity"
)

// maxFile bounds the user's file, in bytes.
const maxFile = 1 << 20

// File is the user's file of bindings: below the user's configuration
// directory, readable and writable by its owner alone, and outside of what is
// compared, as a pull request could change it there.
type File struct {
	// Path is the file; empty where the user has no configuration directory.
	Path string
	// Outside is the directory that the file may not be in.
	Outside string
}

// InDir is the file below a user's configuration directory, for a project in
// the directory outside.
func InDir(configDir, outside string) File {
	if configDir == "" {
		return File{}
	}
	return File{Path: filepath.Join(configDir, "parity", "allow"), Outside: outside}
}

// Load gives what the variable's text and the user's file allow. Where one of
// them cannot be used nothing is allowed, and Check says why.
func Load(variable string, file File) Allowed {
	listed, err := Parse(variable)
	if err != nil {
		return Allowed{err: &parity.Error{Code: parity.CodeConfig, Where: Variable, What: err.Error(), Hint: "write " + Variable + "='NAME=HOST,NAME=HOST:PORT'"}}
	}
	own, err := file.Bindings()
	if err != nil {
		return Allowed{err: err}
	}
	return Allowed{bindings: append(listed, own...)}
}

// Err is why nothing can be allowed; nil where that is not so.
func (a Allowed) Err() error { return a.err }

// List gives the bindings.
func (a Allowed) List() []Binding { return slices.Clone(a.bindings) }

// Bindings reads the file; one that is not there has none.
func (f File) Bindings() ([]Binding, error) {
	text, err := f.read()
	if err != nil {
		return nil, err
	}
	list, err := Parse(text)
	if err != nil {
		return nil, f.fault(err.Error(), "a line of it is NAME=HOST or NAME=HOST:PORT", nil)
	}
	return list, nil
}

func (f File) fault(what, hint string, err error) error {
	return &parity.Error{Code: parity.CodeConfig, Where: f.Path, What: what, Hint: hint, Err: err}
}

// read gives the text of the file, after the checks of who may write it.
func (f File) read() (string, error) {
	if f.Path == "" {
		return "", nil
	}
	real, err := filepath.EvalSymlinks(f.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", f.fault("the user's bindings cannot be read", "", err)
	}
	if err := f.outside(real); err != nil {
		return "", err
	}
	if info, err := os.Stat(real); err == nil && !info.Mode().IsRegular() {
		return "", f.fault("is not a regular file", "parity allow writes it", nil) // a pipe would block when it is opened
	}
	file, err := os.Open(real)
	if err != nil {
		return "", f.fault("the user's bindings cannot be read", "", err)
	}
	defer file.Close()
	info, err := file.Stat()
	switch {
	case err != nil:
		return "", f.fault("the user's bindings cannot be read", "", err)
	case !info.Mode().IsRegular():
		return "", f.fault("is not a regular file", "parity allow writes it", nil)
	case !ownersAlone(info):
		return "", f.fault("can be read or written by others than its owner", "chmod 600 "+quoted(f.Path), nil)
	}
	text, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	switch {
	case err != nil:
		return "", f.fault("the user's bindings cannot be read", "", err)
	case len(text) > maxFile:
		return "", f.fault(fmt.Sprintf("is larger than %d bytes", maxFile), "", nil)
	}
	return string(text), nil
}

// outside refuses a file within the directory that is compared.
func (f File) outside(real string) error {
	if f.Outside == "" {
		return nil
	}
	top, err := filepath.EvalSymlinks(f.Outside)
	if err != nil {
		top = f.Outside
	}
	rel, err := filepath.Rel(top, real)
	if err == nil && filepath.IsLocal(rel) {
		return f.fault("lies in the repository that is compared, where a pull request may change it", "keep the configuration directory outside of it, or use "+Variable, nil)
	}
	return nil
}

// Add puts a binding into the file, and reports whether it was not there.
func (f File) Add(credential, host string) (added bool, err error) {
	b, err := parseBinding(credential + "=" + host)
	if err != nil {
		return false, &parity.Error{Code: parity.CodeUsage, What: "the binding " + err.Error(), Hint: "write parity allow TOKEN prometheus.example.com:9090"}
	}
	text, err := f.writable()
	if err != nil {
		return false, err
	}
	list, err := f.Bindings()
	if err != nil || slices.Contains(list, b) {
		return false, err
	}
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	return true, f.write(text + b.String() + "\n")
}

// Remove takes the bindings of a credential out of the file, or the one to a
// host, and reports how many those were.
func (f File) Remove(credential, host string) (int, error) {
	text, err := f.writable()
	if err != nil {
		return 0, err
	}
	if _, err := f.Bindings(); err != nil {
		return 0, err
	}
	host = canonicalHost(strings.ToLower(host))
	n := 0
	var out strings.Builder
	for line := range strings.Lines(text) {
		list, err := Parse(line)
		if err != nil || len(list) == 0 {
			out.WriteString(line)
			continue
		}
		for _, b := range list {
			if b.Credential == credential && (host == "" || b.Host == host) {
				n++
				continue
			}
			out.WriteString(b.String() + "\n")
		}
	}
	if n == 0 {
		return 0, nil
	}
	return n, f.write(out.String())
}

func (f File) writable() (string, error) {
	if f.Path == "" {
		return "", &parity.Error{Code: parity.CodeUsage, What: "there is no configuration directory to keep bindings in", Hint: "set HOME or XDG_CONFIG_HOME, or use " + Variable}
	}
	if err := f.outside(f.Path); err != nil {
		return "", err
	}
	return f.read()
}

// write replaces the file whole or not at all.
func (f File) write(text string) error {
	path := f.Path
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return f.fault("cannot be written", "", err)
	}
	tmp, err := os.CreateTemp(dir, ".allow-*") // readable by its owner alone
	if err != nil {
		return f.fault("cannot be written", "", err)
	}
	_, err = tmp.WriteString(text)
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		return f.fault("cannot be written", "", errors.Join(err, os.Remove(tmp.Name())))
	}
	return nil
}
