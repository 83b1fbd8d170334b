package manifests

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"path"
	"time"

	"github.com/envparity/parity/internal/render"
)

// What is asked of a path.
const (
	askStat = byte(iota)
	askFile
	askDir
)

// answers are what is known of a file system, by question.
type answers struct{ by map[string]*answer }

// answer is what there is at a path. Of a file it has the text where that was
// asked for, of a directory the entries.
type answer struct {
	form    form // missing, plainFile or directory
	size    int64
	text    []byte
	entries []fs.DirEntry
}

func newAnswers() *answers { return &answers{by: map[string]*answer{}} }

func questionOf(what byte, at string) string { return string(what) + at }

// answerFrom answers a question from a file system.
func answerFrom(fsys fs.FS, limit int64, question string) (*answer, error) {
	what, at := question[0], question[1:]
	info, err := fs.Stat(fsys, at)
	switch {
	case errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid):
		return &answer{form: missing}, nil
	case err != nil:
		return nil, err
	}
	a := &answer{form: plainFile, size: info.Size()}
	if info.IsDir() {
		a.form = directory
	}
	switch {
	case what == askFile && a.form == plainFile:
		a.text, err = (&overlay{fsys: fsys, limit: limit}).ReadFile(at)
	case what == askDir && a.form == directory:
		a.entries, err = fs.ReadDir(fsys, at)
	}
	return a, err
}

// askedFS is a file system that asks another process for what it does not
// know. Files are read whole.
type askedFS struct {
	known *answers
	ask   func([]byte) ([]byte, error)
}

func (f *askedFS) look(op string, what byte, at string) (*answer, error) {
	fault := func(err error) error { return &fs.PathError{Op: op, Path: at, Err: err} }
	if !fs.ValidPath(at) {
		return nil, fault(fs.ErrInvalid)
	}
	question := questionOf(what, at)
	a := f.known.by[question]
	if a == nil {
		data, err := f.ask([]byte(question))
		if err != nil {
			return nil, fault(errUnreadable)
		}
		d := render.NewDecoder(data)
		if a = decodeAnswer(d); d.Err() != nil {
			return nil, fault(errUnreadable)
		}
		f.known.by[question] = a
	}
	if a.form == missing {
		return nil, fault(fs.ErrNotExist)
	}
	return a, nil
}

const errUnreadable = fault("it cannot be read")

// Open implements fs.FS.
func (f *askedFS) Open(at string) (fs.File, error) {
	a, err := f.look("open", askFile, at)
	if err != nil {
		return nil, err
	}
	return &askedFile{Reader: bytes.NewReader(a.text), info: askedInfo{path.Base(at), a}}, nil
}

// Stat implements fs.StatFS.
func (f *askedFS) Stat(at string) (fs.FileInfo, error) {
	a, err := f.look("stat", askStat, at)
	if err != nil {
		return nil, err
	}
	return askedInfo{path.Base(at), a}, nil
}

// ReadDir implements fs.ReadDirFS.
func (f *askedFS) ReadDir(at string) ([]fs.DirEntry, error) {
	a, err := f.look("readdir", askDir, at)
	if err != nil {
		return nil, err
	}
	if a.form != directory {
		return nil, &fs.PathError{Op: "readdir", Path: at, Err: fs.ErrInvalid}
	}
	return a.entries, nil
}

// askedFile is a file that was read whole, or a directory.
type askedFile struct {
	io.Reader
	info askedInfo
}

func (f *askedFile) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *askedFile) Close() error               { return nil }

// askedInfo tells of a file, and is an entry of a directory.
type askedInfo struct {
	name string
	a    *answer
}

func (i askedInfo) Name() string               { return i.name }
func (i askedInfo) Size() int64                { return i.a.size }
func (i askedInfo) ModTime() time.Time         { return time.Time{} }
func (i askedInfo) IsDir() bool                { return i.a.form == directory }
func (i askedInfo) Sys() any                   { return nil }
func (i askedInfo) Type() fs.FileMode          { return i.Mode().Type() }
func (i askedInfo) Info() (fs.FileInfo, error) { return i, nil }

func (i askedInfo) Mode() fs.FileMode {
	if i.IsDir() {
		return fs.ModeDir | 0o555
	}
	return 0o444
}
