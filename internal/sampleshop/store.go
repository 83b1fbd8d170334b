package sampleshop

import (
	"bytes"
	"crypto/sha512"
	"fmt"
	"runtime"
)

const (
	// pageSize and rowSize are those of the store's files.
	pageSize = 8 << 10
	rowSize  = 512
)

// page is a part of a table, with its checksum as databases keep one.
type page struct {
	rows [pageSize]byte
	sum  [sha512.Size]byte
}

// rows are a table: pages of rows, and the index if there is one.
type rows struct {
	pages []page
	count int
	index map[string]int // row by key; nil where there is no index
}

// newRows fills a table with rows c0, c1 and so on.
func newRows(t table) *rows {
	r := &rows{count: t.Rows, pages: make([]page, (t.Rows*rowSize+pageSize-1)/pageSize)}
	if t.indexed("id") {
		r.index = make(map[string]int, t.Rows)
	}
	for i := range t.Rows {
		key := rowKey(i)
		at := i * rowSize
		row := r.pages[at/pageSize].rows[at%pageSize:]
		copy(row, fmt.Sprintf("|%s|%d,%d,%d,%d,%d", key, i%skus, i*7%skus, i*13%skus, (i*17+1)%skus, (i*19+3)%skus))
		if r.index != nil {
			r.index[key] = i
		}
	}
	for i := range r.pages {
		r.pages[i].sum = sha512.Sum512(r.pages[i].rows[:])
	}
	return r
}

func rowKey(i int) string { return fmt.Sprintf("c%d", i) }

// find gives a row. With an index it reads the row's page; without, every page
// of the table, for nothing says that the key is there only once. Each page
// that is read is checked against its sum.
func (r *rows) find(key string) (row []byte, pages int) {
	if r.index != nil {
		i, ok := r.index[key]
		if !ok {
			return nil, 0
		}
		at := i * rowSize
		p := r.read(at / pageSize)
		return p[at%pageSize : at%pageSize+rowSize], 1
	}
	want := []byte("|" + key + "|")
	for i := range r.pages {
		if i%32 == 0 {
			runtime.Gosched() // others share the cores
		}
		p := r.read(i)
		if at := bytes.Index(p, want); at >= 0 {
			row = p[at : at+rowSize]
		}
	}
	return row, len(r.pages)
}

func (r *rows) read(i int) []byte {
	p := &r.pages[i]
	if sha512.Sum512(p.rows[:]) != p.sum {
		return nil
	}
	return p.rows[:]
}
