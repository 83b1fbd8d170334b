package tfconfig

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/envparity/parity/internal/doc"
)

// quoted is an expression written out with what is known filled in.
type quoted struct {
	// parts are texts and expressions by turns, where it is a template; otherwise
	// there is one expression.
	parts []part
	// open says that it depends on more than what the configuration declares.
	open bool
}

type part struct {
	text       string
	expression bool
}

// maxQuoted bounds the bytes of one expression that is written out.
const maxQuoted = 2000

// marked is the text with marks around its expressions.
func (q quoted) marked() string {
	var b strings.Builder
	for _, p := range q.parts {
		if !p.expression {
			b.WriteString(p.text)
			continue
		}
		if q.open {
			b.WriteString(openMark)
		} else {
			b.WriteString(closedMark)
		}
		b.WriteString(p.text + endMark)
	}
	return b.String()
}

// inner is how it is written within another expression.
func (q quoted) inner() string {
	if len(q.parts) == 1 && q.parts[0].expression {
		return q.parts[0].text
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, p := range q.parts {
		if p.expression {
			b.WriteString("${" + p.text + "}")
		} else {
			quotedText := strconv.Quote(p.text)
			b.WriteString(quotedText[1 : len(quotedText)-1])
		}
	}
	b.WriteByte('"')
	return b.String()
}

func one(text string, open bool) quoted {
	if len(text) > maxQuoted {
		text, open = text[:maxQuoted]+"...", true
	}
	return quoted{parts: []part{{text: text, expression: true}}, open: open}
}

// text writes an expression out.
func (e env) text(x hcl.Expression, depth int) quoted {
	if depth > e.run.limits.Depth+20 || !e.run.step() {
		return one("...", true)
	}
	if v := e.value(x); v.IsWhollyKnown() {
		return knownText(v)
	}
	switch t := plainExpression(x).(type) {
	case *hclsyntax.ScopeTraversalExpr:
		return e.traversal(t.Traversal, depth)
	case *hclsyntax.TemplateExpr:
		return e.template(t, depth)
	case *hclsyntax.TemplateWrapExpr:
		return e.text(t.Wrapped, depth+1)
	case *hclsyntax.ConditionalExpr:
		if c, _ := e.value(t.Condition).Unmark(); c.IsKnown() && !c.IsNull() && c.Type() == cty.Bool {
			if c.True() {
				return e.text(t.TrueResult, depth+1)
			}
			return e.text(t.FalseResult, depth+1)
		}
		return e.joined(depth, []string{"", " ? ", " : ", ""}, t.Condition, t.TrueResult, t.FalseResult)
	case *hclsyntax.FunctionCallExpr:
		return e.call(t, depth)
	case *hclsyntax.IndexExpr:
		return e.joined(depth, []string{"", "[", "]"}, t.Collection, t.Key)
	case *hclsyntax.RelativeTraversalExpr:
		q := e.joined(depth, []string{"", ""}, t.Source)
		return one(q.inner()+traversalText(t.Traversal), q.open)
	case *hclsyntax.BinaryOpExpr:
		return e.joined(depth, []string{"", " " + e.between(t) + " ", ""}, t.LHS, t.RHS)
	case *hclsyntax.SplatExpr:
		q := e.joined(depth, []string{"", ""}, t.Source)
		return one(q.inner()+"[*]"+e.source(t.Each.Range()), q.open)
	}
	return one(e.source(x.Range()), !e.closed(x))
}

// knownText is a known value within an expression. What is sensitive is not
// written out, and then not known to be equal to anything either.
func knownText(v cty.Value) quoted {
	plain, marks := v.UnmarkDeep()
	if _, ok := marks[sensitive]; ok {
		return one("(sensitive)", true)
	}
	if plain.Type() == cty.String && !plain.IsNull() {
		return quoted{parts: []part{{text: plain.AsString()}}}
	}
	if plain.Type().IsPrimitiveType() && !plain.IsNull() {
		return one(scalarText(plain), false)
	}
	var r run
	r.out, r.limits = &Config{}, Limits{Nodes: 10_000}
	return one(jsonText(r.node(plain, Pos{}, seen{}, "")), r.nodes > r.limits.Nodes)
}

// traversal writes a reference out: what stands behind a local, a variable or an
// output, and the name of a resource.
func (e env) traversal(t hcl.Traversal, depth int) quoted {
	if b, rest := e.reference(t); b != nil && b.expr != nil {
		q := b.in.text(b.expr, depth+1)
		if len(rest) == 0 {
			return q
		}
		return one(q.inner()+traversalText(rest), q.open)
	}
	text := traversalText(t)
	switch root := t.RootName(); root {
	case "data":
		return one(join(e.address, text), true)
	case "var", "local", "each", "count", "self", "path", "terraform", "tofu", "ephemeral":
		return one(text, true)
	case "module":
		return one(join(e.address, text), false)
	default:
		_, iterator := e.vars[root]
		return one(join(e.address, text), iterator || len(t) < 2 || e.mod.resources[root+"."+nameOf(t[1])] == nil)
	}
}

func nameOf(step hcl.Traverser) string {
	if a, ok := step.(hcl.TraverseAttr); ok {
		return a.Name
	}
	return ""
}

func (e env) template(x *hclsyntax.TemplateExpr, depth int) quoted {
	var out quoted
	for _, p := range x.Parts {
		if len(out.parts) > maxQuoted {
			break
		}
		q := e.text(p, depth+1)
		out.open = out.open || q.open
		for _, piece := range q.parts {
			if last := len(out.parts) - 1; last >= 0 && !piece.expression && !out.parts[last].expression {
				out.parts[last].text += piece.text
				continue
			}
			if piece.expression && isNumberText(piece.text) {
				piece.expression = false
			}
			out.parts = append(out.parts, piece)
		}
	}
	total := 0
	for _, p := range out.parts {
		total += len(p.text)
	}
	if total > 16*maxQuoted {
		return one(e.source(x.Range()), true)
	}
	return out
}

func isNumberText(s string) bool { return s != "" && strings.Trim(s, "0123456789.") == "" }

// call writes a call of a function out. What a function gives that tells another
// thing each time is open.
func (e env) call(x *hclsyntax.FunctionCallExpr, depth int) quoted {
	between := make([]string, 0, len(x.Args)+1)
	between = append(between, x.Name+"(")
	for range max(0, len(x.Args)-1) {
		between = append(between, ", ")
	}
	if len(x.Args) == 0 {
		return one(x.Name+"()", true)
	}
	args := make([]hcl.Expression, len(x.Args))
	for i, a := range x.Args {
		args[i] = a
	}
	q := e.joined(depth, append(between, ")"), args...)
	q.open = q.open || impure(x.Name)
	return q
}

// joined writes expressions out with texts around them.
func (e env) joined(depth int, between []string, xs ...hcl.Expression) quoted {
	var b strings.Builder
	open := false
	b.WriteString(between[0])
	for i, x := range xs {
		q := e.text(x, depth+1)
		open = open || q.open
		b.WriteString(q.inner() + between[i+1])
		if b.Len() > maxQuoted {
			break
		}
	}
	return one(b.String(), open)
}

func (e env) between(x *hclsyntax.BinaryOpExpr) string {
	l, r := x.LHS.Range(), x.RHS.Range()
	l.Start = l.End
	l.End = r.Start
	return strings.TrimSpace(e.source(l))
}

// source is a part of a file with its white space made one.
func (e env) source(r hcl.Range) string {
	data := e.run.sources[r.Filename]
	if !r.CanSliceBytes(data) {
		return "..."
	}
	return strings.Join(strings.Fields(string(r.SliceBytes(data))), " ")
}

// closed reports whether an expression that is written as it stands depends on
// resources alone.
func (e env) closed(x hcl.Expression) bool {
	for _, t := range x.Variables() {
		if q := e.traversal(t, e.run.limits.Depth); q.open || t.RootName() == "var" || t.RootName() == "local" {
			return false
		}
	}
	return len(x.Variables()) > 0
}

// traversalText writes a reference as Terraform does.
func traversalText(t hcl.Traversal) string {
	var b strings.Builder
	for _, step := range t {
		switch s := step.(type) {
		case hcl.TraverseRoot:
			b.WriteString(s.Name)
		case hcl.TraverseAttr:
			b.WriteString("." + s.Name)
		case hcl.TraverseIndex:
			if s.Key.Type() == cty.String {
				b.WriteString("[" + strconv.Quote(s.Key.AsString()) + "]")
			} else {
				b.WriteString("[" + scalarText(s.Key) + "]")
			}
		case hcl.TraverseSplat:
			b.WriteString("[*]")
		}
	}
	return b.String()
}

// jsonText writes a tree as JSON.
func jsonText(n *doc.Node) string {
	var b bytes.Buffer
	writeJSON(&b, n)
	return b.String()
}

func writeJSON(b *bytes.Buffer, n *doc.Node) {
	switch n.Kind {
	case doc.Map:
		b.WriteByte('{')
		for i := range n.Fields {
			if i > 0 {
				b.WriteByte(',')
			}
			writeText(b, n.Fields[i].Key)
			b.WriteByte(':')
			writeJSON(b, n.Fields[i].Value)
		}
		b.WriteByte('}')
	case doc.List:
		b.WriteByte('[')
		for i, item := range n.Items {
			if i > 0 {
				b.WriteByte(',')
			}
			writeJSON(b, item)
		}
		b.WriteByte(']')
	case doc.String:
		writeText(b, n.Text)
	case doc.Null:
		b.WriteString("null")
	default:
		b.WriteString(n.Text)
	}
}

func writeText(b *bytes.Buffer, s string) {
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // strings always encode
	b.Truncate(b.Len() - 1)
}
