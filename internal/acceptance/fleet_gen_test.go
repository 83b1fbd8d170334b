package acceptance

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Fleet is a made-up pair of environments: services with all that is noise
// between staging and production, and mutations planted among them.
type Fleet struct {
	Staging, Production string // YAML streams
	Planted             []Planted
	// Expected counts the facts that only the replicas' expectation explains.
	Services int
}

// Planted is one mutation and where it must be found.
type Planted struct {
	Kind, Name string
	Path       string // a part of the path; empty for a whole subject
	Class      string
	Change     string
}

// fleet draws a Fleet.
type fleet struct {
	*rand.Rand
	domain, registry        string
	stagingAccount, account string
	staging, production     []string
	planted                 []Planted
	stagingIDs, prodIDs     []string
	names                   map[string]bool
}

// NewFleet draws a fleet of n services from a seed. Every tenth service holds
// one mutation; all kinds of mutation are planted as long as n is at least 200.
func NewFleet(seed uint64, n int) Fleet {
	f := &fleet{Rand: rand.New(rand.NewPCG(seed, 7)), names: map[string]bool{}}
	f.domain = f.word() + "." + []string{"example", "test", "invalid"}[f.IntN(3)]
	f.registry = "registry." + f.word() + ".example"
	f.stagingAccount, f.account = f.digits(12), f.digits(12)
	for range 3 {
		f.stagingIDs, f.prodIDs = append(f.stagingIDs, f.uuid()), append(f.prodIDs, f.uuid())
	}
	for i := range n {
		f.service(i)
	}
	f.Shuffle(len(f.staging), func(i, j int) { f.staging[i], f.staging[j] = f.staging[j], f.staging[i] })
	f.Shuffle(len(f.production), func(i, j int) { f.production[i], f.production[j] = f.production[j], f.production[i] })
	return Fleet{
		Staging: strings.Join(f.staging, "---\n"), Production: strings.Join(f.production, "---\n"),
		Planted: f.planted, Services: n,
	}
}

// word draws a name that no one has seen, without a word for an environment.
func (f *fleet) word() string {
	const consonants, vowels = "bdfgklmnprstvz", "aeiou"
	for {
		var b strings.Builder
		for range 3 {
			b.WriteByte(consonants[f.IntN(len(consonants))])
			b.WriteByte(vowels[f.IntN(len(vowels))])
		}
		if w := b.String(); !f.names[w] {
			f.names[w] = true
			return w
		}
	}
}

func (f *fleet) digits(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('1' + f.IntN(9))
	}
	return string(b)
}

func (f *fleet) hex(n int) string {
	const digits = "0123456789abcdef"
	b := make([]byte, n)
	for i := range b {
		b[i] = digits[f.IntN(16)]
	}
	b[0], b[n-1] = 'a', '7'
	return string(b)
}

func (f *fleet) uuid() string {
	return f.hex(8) + "-" + f.hex(4) + "-" + f.hex(4) + "-" + f.hex(4) + "-" + f.hex(12)
}

// suffix draws a hash as kustomize appends it.
func (f *fleet) suffix() string {
	const letters = "2456789bcdfghkmt"
	b := make([]byte, 10)
	for i := range b {
		b[i] = letters[f.IntN(len(letters))]
	}
	return string(b)
}

// side is one environment's spelling of a service.
type side struct {
	name, namespace       string
	host, replica         string
	account, id           string
	tag, cpu, memory      string
	limit, toggle, level  string
	schedule, api, region string
	variables             []string
	command               string
	verbs                 string
	defaults, registry    string
	replicas              int
	policy                bool
	config                string
}

// service draws one service, the same on both sides but for noise, and plants
// a mutation in every tenth.
func (f *fleet) service(i int) {
	name := fmt.Sprintf("%s-%s", f.word(), f.word())
	team := f.word()
	id := f.IntN(len(f.prodIDs))
	p := side{
		name: name, namespace: team, host: name + "." + f.domain, account: f.account, id: f.prodIDs[id],
		tag: fmt.Sprintf("%d.%d.%d", 1+f.IntN(5), f.IntN(20), f.IntN(20)), cpu: "500m", memory: "1Gi", limit: "2Gi",
		toggle: "true", level: "info", schedule: fmt.Sprintf("%d 3 * * *", f.IntN(60)), api: "https://api." + name + "." + f.domain + "/v1",
		command: `["serve", "--fast"]`, verbs: "[get, list]", replicas: 3 + f.IntN(5), policy: true,
		registry: f.registry + "/", config: name + "-cfg-" + f.suffix(), region: f.word(),
	}
	p.replica = name + "-ro." + f.domain
	s := p
	s.replica = name + "-ro.staging." + f.domain
	s.host, s.api = name+".staging."+f.domain, "https://api."+name+".staging."+f.domain+"/v1"
	s.account, s.id, s.replicas = f.stagingAccount, f.stagingIDs[id], 2
	s.cpu, s.memory = "0.5", "1024Mi"
	s.defaults, s.config = "      restartPolicy: Always\n      dnsPolicy: ClusterFirst\n", name+"-cfg-"+f.suffix()
	for j := range 4 + f.IntN(6) {
		v := fmt.Sprintf("%s_%d=%s", strings.ToUpper(f.word()), j, f.word())
		s.variables, p.variables = append([]string{v}, s.variables...), append(p.variables, v)
	}
	if i%10 == 0 {
		f.plant(i/10, &s, &p)
	}
	f.staging, f.production = append(f.staging, s.objects()...), append(f.production, p.objects()...)
}
