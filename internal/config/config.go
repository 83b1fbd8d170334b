// Package config loads parity.yaml: strictly, with file:line:column for every
// fault, and with a JSON Schema generated from the same structs.
package config

import (
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/naming"
)

// Config is parity.yaml, version 1. Fields carry their yaml names; `doc` tags
// become the descriptions in the JSON Schema and in the documentation.
type Config struct {
	Version      int                        `yaml:"version" required:"true" min:"1" doc:"Version of this file's format; 1."`
	Project      string                     `yaml:"project" doc:"Name of the project in reports; the directory's name if left out."`
	AllowOutside bool                       `yaml:"allowOutside" doc:"Whether paths in this file, and symbolic links below the repository, may lead out of the repository that holds it, by .. or as absolute paths. Absolute paths of kubeconfigs, tokens and certificates may in any case. What is no regular file is not read in any case."`
	Environments []Environment              `yaml:"environments" required:"true" doc:"The environments to compare; exactly one is the reference."`
	Services     []Service                  `yaml:"services" doc:"The services, who owns them, and how their subjects are recognised."`
	Surfaces     map[parity.Surface]Surface `yaml:"surfaces" doc:"Criticality and tolerance by surface."`
	Expectations []Expectation              `yaml:"expectations" doc:"How environments are meant to differ, for good."`
	Exceptions   []Exception                `yaml:"exceptions" doc:"Differences accepted for a while."`
	Indicators   map[string]Target          `yaml:"indicators" keys:"M1,M2,M3,M4,M5,M6,M7,M8,M10" doc:"Targets by indicator: M1 to M8, M10."`
	Telemetry    Telemetry                  `yaml:"telemetry" doc:"What telemetry calls services, endpoints and what they call, besides what is known by presets."`
	Gate         Gate                       `yaml:"gate" doc:"When the verdict fails, and whether that fails the command."`
	Drift        Drift                      `yaml:"drift" doc:"How drift is told from what others own."`
	Rules        Rules                      `yaml:"rules" doc:"Normalisation rules: which are off, and what they know."`
	Align        []AlignMap                 `yaml:"align" doc:"Subjects that are the same thing under different names."`
	Bindings     []Binding                  `yaml:"bindings" doc:"Frozen bindings, as parity bindings --write puts them here."`
	Severities   []SeverityRow              `yaml:"severities" doc:"Rows before those of the built-in severity table; the first that matches decides."`
	Secrets      Secrets                    `yaml:"secrets" doc:"What is secret besides what is known to be, and the key of the digests."`
	Limits       Limits                     `yaml:"limits" doc:"How much one environment may hold. What is beyond a limit is not read, which the report says."`

	// Path is the file as people see it; Pos finds places in it.
	Path string    `yaml:"-"`
	Pos  Positions `yaml:"-"`
}

// Positions gives "file:line:column" for a path of keys and indices in
// parity.yaml, such as ("exceptions", "2").
type Positions func(path ...string) string

// Environment is one environment with its sources.
type Environment struct {
	Name       string            `yaml:"name" required:"true" doc:"Name of the environment."`
	Rank       *int              `yaml:"rank" doc:"Order towards production, higher is nearer; the position in the list if left out."`
	Aliases    []string          `yaml:"aliases" doc:"Other names that values have for this environment, such as stg-eu or shopprod: as whole words between separators they are taken for its name."`
	Reference  bool              `yaml:"reference" doc:"Whether all others are compared against this one; the highest rank if none says so."`
	Sources    []Source          `yaml:"sources" doc:"Where its facts come from; with instances, what all of them share."`
	Instances  []Instance        `yaml:"instances" doc:"Instances of the environment (clusters, regions) that are compared each."`
	Namespaces map[string]string `yaml:"namespaces" doc:"Namespace map: what this environment calls a namespace, to the common name."`
	// Bindings are role to spelling.
	Bindings map[string]string `yaml:"bindings" doc:"Declared bindings: role to this environment's spelling of it."`
}

// Instance is one of several instances of an environment.
type Instance struct {
	Name       string            `yaml:"name" required:"true" doc:"Name of the instance."`
	Reference  bool              `yaml:"reference" doc:"Whether all others are compared against this instance of the reference environment; if none says so, against the one that is most like the others."`
	Aliases    []string          `yaml:"aliases" doc:"Other names that values have for this instance, besides the environment's."`
	Sources    []Source          `yaml:"sources" required:"true" doc:"Where its facts come from."`
	Namespaces map[string]string `yaml:"namespaces" doc:"Namespace map, over the environment's."`
	Bindings   map[string]string `yaml:"bindings" doc:"Declared bindings, over the environment's."`
}

// Source is one configured collector. Its other keys are the collector's own.
type Source struct {
	// Collector is empty where it is to be found from the path.
	Collector string `yaml:"collector" doc:"Name of the collector; found from the path if left out."`
	// Config is the pointer that the collector's NewConfig returned, filled.
	// Nil where Collector is empty; then Path holds the path.
	Config any    `yaml:"-"`
	Path   string `yaml:"-"`
	Where  string `yaml:"-"` // file:line:column
	// Part is the match that the source is for, where its path is a pattern.
	Part string `yaml:"-"`
}

// Service is one service.
type Service struct {
	Name        string          `yaml:"name" required:"true" doc:"Name of the service."`
	Owner       string          `yaml:"owner" doc:"Who answers for it."`
	Criticality parity.Severity `yaml:"criticality" default:"medium" doc:"How bad a difference in it is: critical, high, medium (default), low or info."`
	Match       []Match         `yaml:"match" doc:"Its subjects; any one is enough. By default those of its name or app.kubernetes.io/name."`
}

// Match selects subjects, and differences of them: all that is named must fit.
// In a pattern * stands for any run of characters, slashes included, ? for one
// character, and everything else for itself; an empty one matches everything.
type Match struct {
	Kind    string            `yaml:"kind" doc:"Kind of the subject, a pattern."`
	Scope   string            `yaml:"scope" doc:"Namespace, project or file, a pattern."`
	Name    string            `yaml:"name" doc:"Name of the subject, a pattern."`
	Labels  map[string]string `yaml:"labels" doc:"Labels that the subject has: name to a pattern of the value."`
	Service string            `yaml:"service" doc:"Service that owns the subject, a pattern."`
	Surface *parity.Surface   `yaml:"surface" doc:"Surface of the fact."`
	Path    string            `yaml:"path" doc:"Path of the fact: a pattern over the whole path, or over its end where it does not begin with '/'."`
}

// Surface is what matters on one surface.
type Surface struct {
	Criticality *parity.Severity   `yaml:"criticality" doc:"How bad a difference on it is."`
	Tolerance   map[string]float64 `yaml:"tolerance" min:"0" doc:"For sizing: the environment's expected ratio to the reference, such as staging: 0.25."`
	Within      float64            `yaml:"within" default:"0.05" min:"0" doc:"How far the ratio may be off, as a share; 0.05 if left out."`
}

// Expectation says how environments are meant to differ.
type Expectation struct {
	Name   string  `yaml:"name" required:"true" doc:"Name in reports."`
	Match  []Match `yaml:"match" required:"true" doc:"What it speaks of; any one is enough."`
	Expect string  `yaml:"expect" doc:"CEL over the values by environment, such as production >= 2 * staging; left out, any difference is expected."`
	// Environments limits it to these compared environments or instances.
	Environments []string `yaml:"environments" doc:"The environments it speaks of, or environment/instance; all if left out."`
	Classes      []string `yaml:"classes" enum:"missing,extra,changed,leak" doc:"The classes that it speaks of; without expect missing, extra and changed if left out, else all."`
	Reason       string   `yaml:"reason" required:"true" doc:"Why."`
}

// Exception accepts differences for a while.
type Exception struct {
	Name         string   `yaml:"name" required:"true" doc:"Name in reports."`
	Match        []Match  `yaml:"match" doc:"What it covers; any one is enough."`
	Fingerprints []string `yaml:"fingerprints" doc:"Differences it covers, by fingerprint."`
	Environments []string `yaml:"environments" doc:"The environments it covers, or environment/instance; all if left out."`
	Classes      []string `yaml:"classes" enum:"missing,extra,changed,leak" doc:"The classes it covers; missing, extra and changed if left out: a leak only by name."`
	Reason       string   `yaml:"reason" required:"true" doc:"Why."`
	Owner        string   `yaml:"owner" required:"true" doc:"Who closes the difference."`
	Approver     string   `yaml:"approver" required:"true" doc:"Who accepted it."`
	Expires      Date     `yaml:"expires" required:"true" doc:"Last day on which it is in force, as YYYY-MM-DD (UTC)."`
}

// Date is a day in UTC, written YYYY-MM-DD.
type Date struct{ time.Time }

// Target is an indicator's target.
type Target struct {
	Target float64 `yaml:"target" required:"true" min:"0" max:"100" doc:"Least value in percent, such as 95; for M2 the most drifts that are accepted."`
	// Critical names the components that M4 is of; empty is all.
	Critical []string `yaml:"critical" doc:"For M4: the components that it is of, patterns over the package URL without its version, such as pkg:npm/*, over an image's name, or over a fact's path; all if left out."`
	// Mode says when an image is met; it is of M1 only.
	Mode string `yaml:"mode" default:"digest" enum:"digest,promoted" doc:"M1 only: digest (default) wants the reference's image; promoted also takes one that the environment had before, or that it is ahead of."`
	// Margin, Floor and Quantile say what is alike; they are of M6 to M8.
	Margin   float64 `yaml:"margin" min:"0" doc:"M6, M7 and M8 only: how far apart, in percent of the reference, is still alike; 5 for M6 (of the success rate), 15 for M7, 10 for M8 if left out."`
	Floor    float64 `yaml:"floor" min:"0" max:"100" doc:"M8 only: least margin, in percentage points; 0.5 if left out."`
	Quantile float64 `yaml:"quantile" min:"0" max:"1" doc:"M7 only: the quantile of durations; 0.95 if left out."`
}

// Telemetry is what telemetry calls things, and how what it measures is compared.
type Telemetry struct {
	naming.Config `yaml:",inline"`
	LoadTolerance float64 `yaml:"loadTolerance" min:"1" doc:"By which factor the load per instance may be apart in two environments whose behaviour is still compared; 1.25 if left out."`
}

// Gate says when the verdict fails.
type Gate struct {
	Mode          string                    `yaml:"mode" default:"report-only" enum:"report-only,block" doc:"report-only (default) or block."`
	FailOn        *parity.Severity          `yaml:"failOn" default:"medium" doc:"Least severity that fails the verdict; medium if left out."`
	MinConfidence float64                   `yaml:"minConfidence" default:"0.5" min:"0" max:"1" doc:"Least confidence, 0 to 1, below which the verdict is inconclusive; 0.5 if left out."`
	Surfaces      map[parity.Surface]string `yaml:"surfaces" enum:"block,report-only,ignore" doc:"Mode by surface: block, report-only or ignore."`
	Require       []parity.Surface          `yaml:"require" doc:"Surfaces of which all must have been read and compared, else the verdict is inconclusive."`
	Indicators    bool                      `yaml:"indicators" doc:"Whether a missed indicator target fails the verdict."`
	Allow         []Allow                   `yaml:"allow" doc:"Gaps accepted for a while: an entry in force keeps the gaps that it names from making the verdict inconclusive. They still lower the confidence, and a surface under require must still be read."`
}

// Allow accepts gaps for a while, as an exception accepts differences.
type Allow struct {
	Gap      GapMatch `yaml:"gap" required:"true" doc:"The gaps that it accepts: all that is named must fit, and source or kind must be named."`
	Reason   string   `yaml:"reason" required:"true" doc:"Why."`
	Owner    string   `yaml:"owner" required:"true" doc:"Who closes the gap."`
	Approver string   `yaml:"approver" required:"true" doc:"Who accepted it."`
	Expires  Date     `yaml:"expires" required:"true" doc:"Last day on which it is in force, as YYYY-MM-DD (UTC)."`
}

// GapMatch selects gaps by patterns as in Match: * stands for any run of
// characters. A pattern that is left out fits every gap; one that is given fits
// only a gap that states the thing itself.
type GapMatch struct {
	Source string `yaml:"source" doc:"The source that has the gap, a pattern over its name in reports (production: terraform parity.yaml:12:9), over that name without the environment or without what follows the collector's name, or over the file or address that the gap names."`
	Kind   string `yaml:"kind" doc:"Kind of the subjects that the gap may hide, a pattern; a gap over a whole source has none."`
	Scope  string `yaml:"scope" doc:"Namespace, project or file of those subjects, a pattern."`
	Path   string `yaml:"path" doc:"Path below which facts may be hidden, a pattern as in match."`
}

// Drift says who decides what besides the desired sources.
type Drift struct {
	Owners []DriftOwner `yaml:"owners" doc:"Controllers besides those that Parity knows: what they wrote last is theirs and no drift."`
}

// DriftOwner is a controller by the name under which it writes.
type DriftOwner struct {
	Manager string `yaml:"manager" required:"true" doc:"Its name in metadata.managedFields; a * at the end stands for anything."`
	Name    string `yaml:"name" doc:"What reports call it; the manager if left out."`
	Reason  string `yaml:"reason" required:"true" doc:"What it decides."`
}

// Rules configures normalisation.
type Rules struct {
	Off     []parity.Rule     `yaml:"off" doc:"Rules that are not applied."`
	Mirrors map[string]string `yaml:"mirrors" doc:"Registry mirrors: prefix to the prefix it mirrors."`
	// Kubernetes is the minor version whose defaults apply.
	Kubernetes string `yaml:"kubernetes" number:"text" doc:"Kubernetes minor version whose defaults apply, such as 1.34; the newest known if left out."`
	// SecretContents compares known secrets as suspected ones.
	SecretContents bool `yaml:"secretContents" doc:"Compare known secrets by keyed digest too, rather than by presence."`
}

// AlignMap names one subject's spellings.
type AlignMap struct {
	Kind  string            `yaml:"kind" doc:"Kind of the subject; any if left out."`
	Names map[string]string `yaml:"names" required:"true" doc:"Environment, or environment/instance, to name or scope/name."`
}

// Binding is a frozen binding.
type Binding struct {
	Role      string               `yaml:"role" required:"true" doc:"What is bound."`
	Spellings map[string]Spellings `yaml:"spellings" required:"true" doc:"Environment, or environment/instance, to its spelling, or to a list of spellings."`
}

// Spellings are what one environment calls a thing: a text, or a list of texts
// that all mean it.
type Spellings []string

// SeverityRow is one row of the severity table. Empty fields match anything.
type SeverityRow struct {
	Surface []parity.Surface `yaml:"surface" doc:"Surfaces."`
	Class   []parity.Class   `yaml:"class" doc:"Classes."`
	Change  []parity.Change  `yaml:"change" doc:"Kinds of change."`
	// Image is what two images that differ are to each other.
	Image       []parity.ImageState `yaml:"image" doc:"What two images that differ are to each other: rebuild, pending, unpromoted, behind, unordered or other."`
	Criticality []parity.Severity   `yaml:"criticality" doc:"Criticalities of the service."`
	Path        string              `yaml:"path" doc:"Pattern of the path, as in match."`
	Kind        string              `yaml:"kind" doc:"Pattern of the subject's kind."`
	Severity    parity.Severity     `yaml:"severity" required:"true" doc:"What it gives."`
	Why         string              `yaml:"why" doc:"The reason, for people."`
}

// Limits bound what one environment holds while a run lasts.
type Limits struct {
	Facts     int    `yaml:"facts" min:"1" max:"2000000000" default:"20000000" doc:"Most facts of one environment; 20 million if left out."`
	MemoryMiB int    `yaml:"memoryMiB" min:"1" max:"1048576" default:"8192" doc:"Most memory that the facts of one environment may take, in MiB; 8192 if left out."`
	Render    Render `yaml:"render" doc:"What rendering one chart, kustomization or set of Compose files may take."`
}

// Render bounds one rendering.
type Render struct {
	Seconds   int `yaml:"seconds" min:"1" max:"3600" default:"30" doc:"Most seconds of one rendering; 30 if left out."`
	MemoryMiB int `yaml:"memoryMiB" min:"64" max:"1048576" default:"1024" doc:"Most memory of one rendering, in MiB; 1024 if left out."`
	OutputMiB int `yaml:"outputMiB" min:"1" max:"2048" default:"64" doc:"Most text that one rendering gives, in MiB; 64 if left out."`
}

// Secrets configures redaction, and how secrets compare.
type Secrets struct {
	KeyEnv  string   `yaml:"keyEnv" default:"PARITY_KEY" doc:"Environment variable with the key of the digests; PARITY_KEY if left out."`
	KeyFile string   `yaml:"keyFile" default:".parity/key" doc:"File with the key; .parity/key if left out."`
	Names   []string `yaml:"names" doc:"Patterns of names whose values are secret."`
	Public  []string `yaml:"public" doc:"Patterns of names whose values are not, though they look so."`
	Isolate Isolate  `yaml:"isolate" doc:"Secrets that each environment must have of its own, else it is a leak; true asks for it of every known one."`
}
