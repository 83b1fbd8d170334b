package place

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os/exec"
	"strconv"
	"strings"
	"sync"
)

// blobReader reads blobs through one git process, started when the first blob
// is wanted.
type blobReader struct {
	command func(args ...string) *exec.Cmd

	mu     sync.Mutex
	cmd    *exec.Cmd
	in     io.WriteCloser
	out    *bufio.Reader
	closed bool
}

// read gives the content of a blob, whose size the tree's listing told.
func (b *blobReader) read(oid string, size int64) ([]byte, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return nil, fs.ErrClosed
	}
	if b.cmd == nil {
		if err := b.start(); err != nil {
			return nil, fmt.Errorf("git cat-file: %w", err)
		}
	}
	data, err := b.exchange(oid, size)
	if err != nil {
		// What follows in the stream is not known: begin anew next time.
		err = errors.Join(fmt.Errorf("git cat-file: %w", err), b.stop())
	}
	return data, err
}

func (b *blobReader) exchange(oid string, size int64) ([]byte, error) {
	if _, err := io.WriteString(b.in, oid+"\n"); err != nil {
		return nil, err
	}
	head, err := b.out.ReadString('\n')
	if err != nil {
		return nil, err
	}
	fields := strings.Fields(head)
	if len(fields) != 3 || fields[0] != oid || fields[1] != "blob" {
		return nil, errors.New("the object is missing from the repository")
	}
	n, err := strconv.ParseInt(fields[2], 10, 64)
	if err != nil || n != size {
		return nil, errors.New("the object has another size than its tree says")
	}
	data := make([]byte, n+1)
	if _, err := io.ReadFull(b.out, data); err != nil {
		return nil, err
	}
	return data[:n:n], nil
}

func (b *blobReader) start() error {
	cmd := b.command("cat-file", "--batch")
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return errors.Join(err, in.Close())
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	b.cmd, b.in, b.out = cmd, in, bufio.NewReaderSize(out, 64<<10)
	return nil
}

// stop ends the process, which ends by itself once its input does.
func (b *blobReader) stop() error {
	if b.cmd == nil {
		return nil
	}
	_ = b.in.Close()
	// Unread output would keep it from ending.
	_, _ = io.Copy(io.Discard, b.out)
	err := b.cmd.Wait()
	b.cmd, b.in, b.out = nil, nil, nil
	return err
}

func (b *blobReader) close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	return b.stop()
}
