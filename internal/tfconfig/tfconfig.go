// Package tfconfig evaluates configurations of Terraform and OpenTofu as far as
// their files alone tell: variables by precedence, locals, resources and data
// sources with count and for_each, and the modules that they call within the same
// repository. What only a run could tell is carried as the expression that stands
// there, with all that is known filled in.
//
// Nothing is run, and nothing outside of the given file system is read.
package tfconfig

import (
	"fmt"
	"io/fs"
	"strings"

	"github.com/envparity/parity/internal/doc"
)

// Files is where a configuration is read.
type Files struct {
	// FS holds the repository, in which modules refer to each other by "..".
	FS     fs.FS
	Limits Limits
}

// Limits bound what is read and evaluated. A zero field is its default.
type Limits struct {
	Bytes     int64 // largest file; 8 MiB
	Files     int   // most files of all modules; 20,000
	Instances int   // most instances of one block; 10,000
	Total     int   // most instances of all blocks; 200,000
	Nodes     int   // most nodes of all values that are handed over; 2,000,000
	Depth     int   // deepest nesting of modules and of values; 50
}

func (l Limits) filled() Limits {
	orDefault := func(n *int, d int) {
		if *n <= 0 {
			*n = d
		}
	}
	if l.Bytes <= 0 || l.Bytes > 8<<20 {
		l.Bytes = 8 << 20
	}
	orDefault(&l.Files, 20_000)
	orDefault(&l.Instances, 10_000)
	orDefault(&l.Total, 200_000)
	orDefault(&l.Nodes, 2_000_000)
	orDefault(&l.Depth, 50)
	return l
}

// Options say how a root module is evaluated.
type Options struct {
	// Workspace is terraform.workspace; empty is "default", or unknown where the
	// configuration leaves the workspace to the run.
	Workspace string
	// VarFiles are paths within the file system; later ones win.
	VarFiles []string
	// Inputs are values for variables that win over all files, from Terragrunt.
	Inputs *Inputs
}

// Pos is a place in a file.
type Pos struct {
	File      string
	Line, Col int32
}

// Problem is something that could not be read or evaluated.
type Problem struct {
	Pos  Pos
	What string
	Hint string
	// Module is the address of the module whose contents are not whole; Kind and
	// Name narrow that to a block.
	Module, Kind, Name string
	// Whole is set where any block of the module may be hidden, and Instances where
	// any instances of the module or the block may be.
	Whole, Instances bool
}

// Value is what an expression gives. Its texts hold expressions in which
// something is not known; see Expressions.
type Value struct {
	Node *doc.Node
	Pos  Pos
}

// Config is an evaluated configuration.
type Config struct {
	// Modules has the root module first, and each called module's instances after
	// their caller.
	Modules  []*Module
	Problems []Problem
	secrets  map[*doc.Node]bool
	origins  map[*doc.Node]*source
}

// Module is one instance of a module.
type Module struct {
	// Address is empty for the root, and module.a.module.b["x"] otherwise.
	Address   string
	Dir       string
	Variables []Variable
	Locals    []Named
	Outputs   []Output
	Resources []*Resource
	Calls     []*Call
	Providers []Named
	// Settings are what the terraform blocks say, by name: required_version,
	// backend, cloud, required_providers; and the versions of the lock file.
	Settings []Named
}

// Named is a named value.
type Named struct {
	Name string
	Value
}

// Variable is an input of a module.
type Variable struct {
	Named
	// Unset says that nothing gives the variable a value. Its Node is nil.
	Unset, Sensitive bool
}

// Output is an output of a module.
type Output struct {
	Named
	Sensitive bool
}

// Resource is one instance of a resource or data source.
type Resource struct {
	Type, Name string
	Data       bool
	Pos        Pos
	// Provider is the source address of its provider, with the alias that it names.
	Provider string
	// Attributes is a map. Blocks are lists of maps.
	Attributes *doc.Node
	DependsOn  []string
}

// Call is a call of a module.
type Call struct {
	Name, Source, Version string
	Pos                   Pos
	// Followed says that the module is in the repository and was read.
	Followed  bool
	Arguments *doc.Node
	// Count is set where it is not known how many instances there are.
	Count *doc.Node
}

// Secret reports whether a node was marked as sensitive.
func (c *Config) Secret(n *doc.Node) bool { return c.secrets[n] }

// The marks around an expression in a text. They are of the private use area; no
// text of a configuration can hold them, as those are replaced when it is read.
const (
	openMark   = "\uE000"
	closedMark = "\uE001"
	endMark    = "\uE002"
)

// Expressions writes the expressions in a text as "${...}". found is set where
// there are any, and open where one depends on more than what is declared here:
// on what a data source finds, or on a variable that has no value.
func Expressions(text string) (plain string, found, open bool) {
	if !strings.ContainsAny(text, openMark+closedMark) {
		return text, false, false
	}
	open = strings.Contains(text, openMark)
	return strings.NewReplacer(openMark, "${", closedMark, "${", endMark, "}").Replace(text), true, open
}

// ReferenceTo is the text that stands for an attribute of a managed resource, by
// the resource's address from the root module.
func ReferenceTo(address, attribute string) string {
	return closedMark + address + "." + attribute + endMark
}

// Document returns the address of the data source of a text that is nothing but a
// reference to one attribute of it.
func Document(text, kind, attribute string) (address string, ok bool) {
	inner, ok := strings.CutPrefix(text, openMark)
	inner, end := strings.CutSuffix(inner, "."+attribute+endMark)
	at := strings.Index(inner, "data."+kind+".")
	if !ok || !end || at < 0 || at > 0 && inner[at-1] != '.' {
		return "", false
	}
	return inner, !strings.ContainsAny(inner, openMark+closedMark+endMark+" (?{\n")
}

// sanitized takes the marks out of a file's bytes.
func sanitized(data []byte) []byte {
	text := string(data)
	if !strings.ContainsAny(text, openMark+closedMark+endMark) {
		return data
	}
	return []byte(strings.NewReplacer(openMark, "\uFFFD", closedMark, "\uFFFD", endMark, "\uFFFD").Replace(text))
}

func tooMany(what string, limit int) string {
	return fmt.Sprintf("there are more than %d %s", limit, what)
}
