package kube

import (
	_ "embed"
	"strings"
	"sync"
)

// The tables below share one notation. A line "K group version kind type"
// names the type of a kind, "T type" begins a type, and every further line is
// a field: its name, its type, and attributes.
//
// A type is s (text), n (number), b (boolean), q (quantity), i (number or
// text), d (duration), t (time), y (bytes), ? (anything), @name (another
// type), {T (map of T), [T (list of T), <T (set of T), (a,b)T (list of T keyed
// by a and b). A 0 after s, n or b says that the zero value equals absence.

//go:embed schema.tsv
var schemaTable string

// meaningTable adds to the schema what Kubernetes leaves unsaid: keys of lists
// that it calls atomic, sets, references, and where empty means something.
//
//go:embed meaning.tsv
var meaningTable string

type typeKind uint8

const (
	anything typeKind = iota
	textType
	numberType
	boolType
	quantityType
	intOrTextType
	durationType
	timeType
	bytesType
	objectType
	mapType
	listType
)

type listKind uint8

const (
	atomicList listKind = iota
	setList
	keyedList
	orderedList
)

// typ is a type of the schema. Scalars have only a kind.
type typ struct {
	kind typeKind
	list listKind
	name string
	role role
	// keys are alternatives: the first whose first field every item has.
	keys   [][]string
	elem   *typ
	fields map[string]*field
}

// field is one field of an object type.
type field struct {
	typ *typ
	// zero: the zero value equals absence.
	zero bool
	// solid: empty means something here.
	solid bool
	role  role
	// ref is the kind that the text names, if it is the name of a subject.
	ref string
	// as is the path that a field of an older version has in this one.
	as       string
	defaults []defaultRow
}

// role marks a field or type that has a meaning of its own.
type role uint8

const (
	noRole role = iota
	allocatedRole
	serverRole
	caBundleRole
	imageRole
	orderRole
	containersRole
	envRole
	envFromRole
	argsRole
	requestsRole
	targetRefRole
	serviceRefRole
	annotationsRole
	labelsRole
	objectMetaRole
	metricsRole
	tlsRole
	claimsRole
	projectedRole
	podSpecRole
	volumesRole
	rulesRole
	subjectsRole
	selectorsRole
	networkPolicyRole
	sealedRole
	modeRole
	limitDefaultRole
	oldNameRole
	servicePortRole
	cpuTargetRole
)

var roles = map[string]role{
	"allocated": allocatedRole, "server": serverRole, "cabundle": caBundleRole,
	"image": imageRole, "order": orderRole, "containers": containersRole,
	"env": envRole, "envfrom": envFromRole, "args": argsRole,
	"requests": requestsRole, "targetref": targetRefRole, "serviceref": serviceRefRole,
	"annotations": annotationsRole, "labels": labelsRole, "objectmeta": objectMetaRole,
	"metrics": metricsRole, "tls": tlsRole, "claims": claimsRole,
	"projected": projectedRole, "podspec": podSpecRole, "volumes": volumesRole,
	"rules": rulesRole, "subjects": subjectsRole, "selectors": selectorsRole,
	"networkpolicy": networkPolicyRole, "sealed": sealedRole,
	"mode": modeRole, "limitdefault": limitDefaultRole, "oldname": oldNameRole,
	"serviceport": servicePortRole, "cputarget": cpuTargetRole,
}

// schema is the whole table; it is never written to after it is built.
type schema struct {
	types map[string]*typ
	kinds map[string]*typ // by group, version and kind, separated by '/'
	hints *typ            // fields that mean the same in every custom resource
}

var builtin = sync.OnceValue(func() *schema {
	s := &schema{types: make(map[string]*typ, 1024), kinds: make(map[string]*typ, 256)}
	s.read(schemaTable)
	s.read(meaningTable)
	s.readDefaults(defaultsTable)
	s.hints = s.named("*")
	return s
})

// kind finds the type of a kind; nil where it is none of Kubernetes' own.
func (s *schema) kind(group, version, kind string) *typ {
	return s.kinds[group+"/"+version+"/"+kind]
}

func (s *schema) named(name string) *typ {
	t := s.types[name]
	if t == nil {
		t = &typ{kind: objectType, name: name, fields: map[string]*field{}}
		s.types[name] = t
	}
	return t
}

func (s *schema) read(table string) {
	var cur *typ
	for line := range strings.Lines(table) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		name, rest, _ := strings.Cut(line, "\t")
		switch name {
		case "K":
			parts := strings.Split(rest, "\t")
			s.kinds[parts[0]+"/"+parts[1]+"/"+parts[2]] = s.named(parts[3])
		case "T":
			typeName, attrs, _ := strings.Cut(rest, "\t")
			cur = s.named(typeName)
			cur.role = roles[attrs]
		default:
			spec, attrs, _ := strings.Cut(rest, "\t")
			s.readField(cur, name, spec, attrs)
		}
	}
}

// readField adds a field, or adds to one that is there: a spec of "." keeps
// the type it has.
func (s *schema) readField(t *typ, name, spec, attrs string) {
	f := t.fields[name]
	if f == nil {
		f = &field{}
		t.fields[name] = f
	}
	if spec != "." {
		var zero bool
		f.typ, zero = s.parse(spec)
		f.zero = zero
	}
	for attr := range strings.SplitSeq(attrs, ",") {
		switch key, val, _ := strings.Cut(attr, "="); key {
		case "":
		case "ref":
			f.ref = val
		case "as":
			f.as = val
		case "solid":
			f.solid = true
		default:
			f.role = roles[key]
		}
	}
}

var scalarTypes = map[byte]*typ{
	's': {kind: textType}, 'n': {kind: numberType}, 'b': {kind: boolType},
	'q': {kind: quantityType}, 'i': {kind: intOrTextType}, 'd': {kind: durationType},
	't': {kind: timeType}, 'y': {kind: bytesType}, '?': {kind: anything},
}

func (s *schema) parse(spec string) (t *typ, zero bool) {
	switch spec[0] {
	case '@':
		return s.named(spec[1:]), false
	case '{':
		elem, _ := s.parse(spec[1:])
		return &typ{kind: mapType, elem: elem}, false
	case '[':
		elem, _ := s.parse(spec[1:])
		return &typ{kind: listType, list: atomicList, elem: elem}, false
	case '!':
		elem, _ := s.parse(spec[1:])
		return &typ{kind: listType, list: orderedList, elem: elem}, false
	case '<':
		elem, _ := s.parse(spec[1:])
		return &typ{kind: listType, list: setList, elem: elem}, false
	case '(':
		names, rest, _ := strings.Cut(spec[1:], ")")
		elem, _ := s.parse(rest)
		t := &typ{kind: listType, list: keyedList, elem: elem}
		for alternative := range strings.SplitSeq(names, "|") {
			t.keys = append(t.keys, strings.Split(alternative, ","))
		}
		return t, false
	default:
		return scalarTypes[spec[0]], strings.HasSuffix(spec, "0")
	}
}
