package cloud

import (
	"github.com/envparity/parity"
)

// Drifted is a resource that was changed behind the tool's back.
type Drifted struct {
	// Address is the resource's.
	Address string
	// Before is the resource as it was left.
	Before *Resource
}

// OutsideWriter is the manager of what was changed behind the tool's back.
const OutsideWriter = "outside of Terraform"

// DriftObject begins the object of such a fact's origin: the resource's address
// follows.
const DriftObject = "drift: "

// ReadDrifted is Read, with the facts marked that are other than they were
// before resources drifted: their origin names the resource and that somebody
// else wrote it. Permissions and rules that are told elsewhere are marked there.
func ReadDrifted(resources []*Resource, drifted []Drifted, o Options, emit func(parity.Subject, []parity.Fact)) {
	if len(drifted) == 0 {
		Read(resources, o, emit)
		return
	}
	byAddress := map[string]*Resource{}
	for _, d := range drifted {
		byAddress[d.Address] = d.Before
	}
	before := make([]*Resource, 0, len(resources))
	for _, res := range resources {
		if was := byAddress[res.Address]; was != nil {
			res = was
		}
		before = append(before, res)
	}
	was := map[parity.Key]map[string]parity.Value{}
	Read(before, o, func(s parity.Subject, facts []parity.Fact) {
		values := make(map[string]parity.Value, len(facts))
		for i := range facts {
			values[facts[i].Path] = facts[i].Value
		}
		was[s.Key] = values
	})
	origins := map[*parity.Origin]map[string]*parity.Origin{}
	Read(resources, o, func(s parity.Subject, facts []parity.Fact) {
		values := was[s.Key]
		for i := range facts {
			f := &facts[i]
			if v, ok := values[f.Path]; !ok || v != f.Value {
				f.Origin = outside(origins, f.Origin, s.Kind+"."+s.Name)
			}
		}
		emit(s, facts)
	})
}

// outside is an origin that says that somebody else wrote the value; facts of
// one subject share it.
func outside(made map[*parity.Origin]map[string]*parity.Origin, o *parity.Origin, object string) *parity.Origin {
	if o == nil {
		return nil
	}
	if made[o] == nil {
		made[o] = map[string]*parity.Origin{}
	}
	if made[o][object] == nil {
		c := *o
		c.Object, c.Writer = DriftObject+object, &parity.Writer{Manager: OutsideWriter, Operation: "Update"}
		made[o][object] = &c
	}
	return made[o][object]
}
