package call

import (
	"encoding/json"
	"errors"
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

// MarshalJSON writes {"declined":[[time,"anna"],…],"lapsed":[[time,"ben","carla"]]},
// the times in nanoseconds since 1970.
func (p Passes) MarshalJSON() ([]byte, error) {
	type key struct {
		how Kind
		at  int64
	}
	groups := map[Kind][][]any{}
	place := map[key]int{}
	for _, one := range p {
		k := key{one.How, one.At.UnixNano()}
		i, ok := place[k]
		if !ok {
			i = len(groups[k.how])
			place[k] = i
			groups[k.how] = append(groups[k.how], []any{k.at})
		}
		groups[k.how][i] = append(groups[k.how][i], one.Agent)
	}
	return json.Marshal(groups)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (p *Passes) UnmarshalJSON(data []byte) error {
	var groups map[Kind][][]json.RawMessage
	if err := json.Unmarshal(data, &groups); err != nil {
		return err
	}
	*p = nil
	for how, some := range groups {
		for _, group := range some {
			if len(group) == 0 {
				return errors.New("a group of passes has no time")
			}
			var at int64
			if err := json.Unmarshal(group[0], &at); err != nil {
				return err
			}
			for _, quoted := range group[1:] {
				one := Pass{At: time.Unix(0, at).UTC(), How: how}
				if err := json.Unmarshal(quoted, &one.Agent); err != nil {
					return err
				}
				*p = append(*p, one)
			}
		}
	}
	slices.SortFunc(*p, func(a, b Pass) int { return strings.Compare(a.Agent, b.Agent) })
	return nil
}
