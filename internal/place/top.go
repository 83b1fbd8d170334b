package place

import (
	"io/fs"
	"os"
	"path/filepath"
)

// Top returns the directory below which a file of a person's choice is written:
// the git repository that holds it, else the file's directory.
func Top(full string) string {
	dir := filepath.Dir(full)
	if top, ok := RepositoryOf(dir); ok {
		return top
	}
	return dir
}

// settle finds the top of the project, which may be reached through a link
// from outside of its repository.
func (p *Project) settle() {
	if p.err != nil || p.given || p.outside {
		return
	}
	p.holder, p.scope = p.dir, inProject
	if top, ok := RepositoryOf(p.dir); ok {
		p.holder, p.scope = top, inRepository
		return
	}
	real, err := filepath.EvalSymlinks(p.dir)
	if err != nil || real == p.dir {
		return
	}
	if top, ok := RepositoryOf(real); ok {
		p.dir, p.holder, p.scope = real, top, inRepository
	}
}

// topOf gives the directory below which a path is read.
func (p *Project) topOf(full string) (string, scope) {
	switch {
	case p.outside:
		return volume(full), everywhere
	case p.given:
		return p.givenTop(full)
	}
	return p.holder, p.scope
}

func (p *Project) givenTop(full string) (string, scope) {
	if top, ok := RepositoryOf(full); ok {
		return top, inGivenRepository
	}
	if _, ok := inside(p.dir, full); ok && !isWide(p.dir) {
		return p.dir, inGiven
	}
	// Of a link it is the link that is named, not what it leads to.
	if info, err := os.Lstat(full); err == nil && info.IsDir() {
		return full, inGiven
	}
	return filepath.Dir(full), inGiven
}

// isWide reports whether a directory is too much to stand for one project: the
// root of a volume, or one that holds the user's home.
func isWide(dir string) bool {
	if dir == volume(dir) {
		return true
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return false
	}
	_, holds := inside(dir, home)
	return holds
}

// RepositoryOf finds the top of the git repository that holds a path: the
// nearest directory at or above it with an entry .git, which is a file in a
// worktree. It asks no git.
func RepositoryOf(full string) (top string, ok bool) {
	for dir := full; ; dir = filepath.Dir(dir) {
		info, err := os.Lstat(filepath.Join(dir, ".git"))
		if err == nil && info.Mode()&fs.ModeSymlink == 0 {
			return dir, true
		}
		if dir == filepath.Dir(dir) {
			return "", false
		}
	}
}

// otherSpelling finds a path below top that is spelled through links above it,
// as where /tmp is a link.
func otherSpelling(top, full string) (string, bool) {
	realTop, err := filepath.EvalSymlinks(top)
	if err != nil {
		return "", false
	}
	// Links of the last segment are the file system's to follow.
	dir, err := filepath.EvalSymlinks(filepath.Dir(full))
	if err != nil {
		return "", false
	}
	within, ok := inside(realTop, filepath.Join(dir, filepath.Base(full)))
	return filepath.Join(top, filepath.FromSlash(within)), ok
}
