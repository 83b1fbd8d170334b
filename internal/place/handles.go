package place

import (
	"container/list"
	"errors"
	"os"
	"path/filepath"
	"sync"
)

// maxHandles is how many directories stay open for the next file in them: the
// walk of every path from the top would cost more than reading small files.
const maxHandles = 16

// handles are the open directories of a disk, the latest first. The zero value
// is ready.
type handles struct {
	mu   sync.Mutex
	top  *os.Root
	kept list.List // of *handle
}

// handle is an open directory.
type handle struct {
	*os.Root
	dir  string
	uses int
	gone bool // closed once nobody uses it
}

// open gives the directory dir, a path without links below top.
func (h *handles) open(top, dir string) (*handle, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for e := h.kept.Front(); e != nil; e = e.Next() {
		if x := e.Value.(*handle); x.dir == dir { //nolint:forcetypeassert // nothing else is in the list
			x.uses++
			h.kept.MoveToFront(e)
			return x, nil
		}
	}
	if h.top == nil {
		root, err := os.OpenRoot(top)
		if err != nil {
			return nil, err
		}
		h.top = root
	}
	root, err := h.top.OpenRoot(filepath.FromSlash(dir))
	if err != nil {
		return nil, err
	}
	x := &handle{Root: root, dir: dir, uses: 1}
	h.kept.PushFront(x)
	if h.kept.Len() > maxHandles {
		err = h.drop(h.kept.Back())
	}
	return x, err
}

// drop closes a directory, or lets its last user do so.
func (h *handles) drop(e *list.Element) error {
	x := h.kept.Remove(e).(*handle) //nolint:forcetypeassert // nothing else is in the list
	x.gone = true
	if x.uses > 0 {
		return nil
	}
	return x.Close()
}

func (h *handles) release(x *handle) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if x.uses--; x.uses == 0 && x.gone {
		_ = x.Close()
	}
}

func (h *handles) close() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	var errs []error
	for h.kept.Len() > 0 {
		errs = append(errs, h.drop(h.kept.Front()))
	}
	if h.top != nil {
		errs = append(errs, h.top.Close())
		h.top = nil
	}
	return errors.Join(errs...)
}
