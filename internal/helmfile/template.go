package helmfile

import (
	"bytes"
	"errors"
	"strings"
	"text/template"
	"text/template/parse"
)

// render evaluates a template. Its errors say what is wrong in words of our own.
func (r *reader) render(file, text string, data any) ([]byte, error) {
	if !strings.Contains(text, "{{") {
		return []byte(text), nil
	}
	t := template.New("helmfile").Option("missingkey=error")
	e := &evaluation{reader: r, file: file, set: t}
	var b bytes.Buffer
	err := guard(func() error {
		if _, err := t.Funcs(e.functions()).Parse(text); err != nil {
			return err
		}
		for _, each := range t.Templates() {
			if each.Tree != nil {
				watch(each.Tree)
			}
		}
		return t.Execute(&b, data)
	})
	if err != nil {
		return nil, whyNot(err)
	}
	return b.Bytes(), nil
}

// whyNot says why a template fails. Its own message may hold values.
func whyNot(err error) error {
	text := err.Error()
	switch {
	case errors.Is(err, errUndecided) || strings.Contains(text, Mark) || strings.Contains(text, "helmfile.unknown"):
		return errors.New("a template decides by what is not known here, such as an environment variable or the output of a program")
	case strings.Contains(text, "function ") && strings.Contains(text, " not defined"):
		return errors.New("a template uses a function that is not known")
	case strings.Contains(text, "map has no entry for key"), strings.Contains(text, "nil pointer evaluating"):
		return errors.New("a template goes into a value that is not there")
	case errors.Is(err, errOutside):
		return errors.New("a template reads a file that is not within what is read")
	}
	return errors.New("a template cannot be evaluated")
}

// watch changes a template so that it fails where it decides by what is not
// known.
func watch(t *parse.Tree) { watchNode(t.Root) }

func watchNode(n parse.Node) {
	switch n := n.(type) {
	case *parse.ListNode:
		if n == nil {
			return
		}
		for _, x := range n.Nodes {
			watchNode(x)
		}
	case *parse.IfNode:
		watchBranch(&n.BranchNode)
	case *parse.WithNode:
		watchBranch(&n.BranchNode)
	case *parse.RangeNode:
		watchBranch(&n.BranchNode)
	case *parse.ActionNode:
		watchPipe(n.Pipe)
	case *parse.TemplateNode:
		watchPipe(n.Pipe)
	}
}

func watchBranch(n *parse.BranchNode) {
	watchPipe(n.Pipe)
	n.Pipe.Cmds = append(n.Pipe.Cmds, asking(n.Pos))
	watchNode(n.List)
	watchNode(n.ElseList)
}

// asking is the command that fails on what is not known.
func asking(pos parse.Pos) *parse.CommandNode {
	return &parse.CommandNode{NodeType: parse.NodeCommand, Pos: pos, Args: []parse.Node{parse.NewIdentifier("known").SetPos(pos)}}
}

func watchPipe(p *parse.PipeNode) {
	if p == nil {
		return
	}
	var cmds []*parse.CommandNode
	for i, c := range p.Cmds {
		decides := isDeciding(c)
		if decides && i > 0 {
			cmds = append(cmds, asking(c.Pos)) // what is piped into it
		}
		for k, arg := range c.Args {
			if inner, ok := arg.(*parse.PipeNode); ok {
				watchPipe(inner)
			}
			if decides && k > 0 {
				c.Args[k] = &parse.PipeNode{NodeType: parse.NodePipe, Pos: c.Pos, Cmds: []*parse.CommandNode{
					{NodeType: parse.NodeCommand, Pos: c.Pos, Args: []parse.Node{arg}}, asking(c.Pos),
				}}
			}
		}
		cmds = append(cmds, c)
	}
	p.Cmds = cmds
}

// isDeciding reports whether a command is "and" or "or", which are not functions
// like others: they do not evaluate all that they are given.
func isDeciding(c *parse.CommandNode) bool {
	if len(c.Args) == 0 {
		return false
	}
	name, ok := c.Args[0].(*parse.IdentifierNode)
	return ok && (name.Ident == "and" || name.Ident == "or")
}
