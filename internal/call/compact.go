package call

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// Offers and Passes are written by what their entries have in common: a call
// that rings on a thousand desks is written again at each change, and most of
// its offers have the same times.

// Offers are live offers, sorted by agent.
type Offers []Offer

// Passes are how a call went past agents, sorted by agent.
type Passes []Pass

type offerGroup struct {
	Agents []string  `json:"agents"`
	Since  time.Time `json:"since"`
	Until  time.Time `json:"until"`
}

type passGroup struct {
	Agents []string  `json:"agents"`
	At     time.Time `json:"at"`
	How    Kind      `json:"how"`
}

// MarshalJSON groups the offers by their times.
func (o Offers) MarshalJSON() ([]byte, error) {
	var groups []offerGroup
	at := map[[2]int64]int{}
	for _, one := range o {
		key := [2]int64{one.Since.UnixNano(), one.Until.UnixNano()}
		i, ok := at[key]
		if !ok {
			i = len(groups)
			at[key] = i
			groups = append(groups, offerGroup{Since: one.Since, Until: one.Until})
		}
		groups[i].Agents = append(groups[i].Agents, one.Agent)
	}
	return json.Marshal(groups)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (o *Offers) UnmarshalJSON(data []byte) error {
	var groups []offerGroup
	if err := json.Unmarshal(data, &groups); err != nil {
		return err
	}
	*o = nil
	for _, g := range groups {
		for _, a := range g.Agents {
			*o = append(*o, Offer{Agent: a, Since: g.Since, Until: g.Until})
		}
	}
	slices.SortFunc(*o, func(a, b Offer) int { return strings.Compare(a.Agent, b.Agent) })
	return nil
}

// MarshalJSON groups the passes by how and when.
func (p Passes) MarshalJSON() ([]byte, error) {
	type key struct {
		at  int64
		how Kind
	}
	var groups []passGroup
	at := map[key]int{}
	for _, one := range p {
		k := key{one.At.UnixNano(), one.How}
		i, ok := at[k]
		if !ok {
			i = len(groups)
			at[k] = i
			groups = append(groups, passGroup{At: one.At, How: one.How})
		}
		groups[i].Agents = append(groups[i].Agents, one.Agent)
	}
	return json.Marshal(groups)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (p *Passes) UnmarshalJSON(data []byte) error {
	var groups []passGroup
	if err := json.Unmarshal(data, &groups); err != nil {
		return err
	}
	*p = nil
	for _, g := range groups {
		for _, a := range g.Agents {
			*p = append(*p, Pass{Agent: a, At: g.At, How: g.How})
		}
	}
	slices.SortFunc(*p, func(a, b Pass) int { return strings.Compare(a.Agent, b.Agent) })
	return nil
}
