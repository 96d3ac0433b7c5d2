package vidaoo

import (
	"context"
	"encoding/json"
	"strings"
)

// Automation is something that Vidaoo does by itself: when its trigger happens, it sends a webhook.
// Which of its fields Vidaoo tells of is not published; what a reply lacks is empty.
type Automation struct {
	ID      string
	Name    string
	Trigger string
	Action  string
	Method  string
	URL     string // a Receive URL: it has a secret
	Body    string // JSON with templates
	Raw     json.RawMessage
	Missing []*FieldError // of the setting automation-id
}

// AutomationBody is the body to give to an automation, which docs/vidaoo.md explains. Of its templates
// only those under data.metadata are published.
const AutomationBody = `{
  "session_id": "<$data.id$>",
  "topic": "<$data.topic$>",
  "link": "<$data.link$>",
  "name": "<$data.metadata.name$>",
  "email": "<$data.metadata.email$>",
  "phone": "<$data.metadata.phone$>",
  "language": "<$data.metadata.language$>",
  "page": "<$data.metadata.page$>"
}`

// NewAutomation is the automation that posts created meetings to a queue's Receive URL.
func (c *Client) NewAutomation(queue, receiveURL string) Automation {
	return Automation{
		Name: "Deskbell " + queue, Trigger: c.settings.Of(SettingTrigger), Action: c.settings.Of(SettingAction),
		Method: "POST", URL: receiveURL, Body: AutomationBody,
	}
}

// CreateAutomation makes an automation.
func (c *Client) CreateAutomation(ctx context.Context, a Automation) (Automation, error) {
	return c.automation(ctx, call{op: AutomationCreate, fields: c.fields(a), secrets: []string{a.URL}})
}

// UpdateAutomation changes the fields of an automation that are not empty.
func (c *Client) UpdateAutomation(ctx context.Context, id string, a Automation) (Automation, error) {
	return c.automation(ctx, call{op: AutomationUpdate, id: id, fields: c.fields(a), secrets: []string{a.URL}})
}

// Automation retrieves an automation.
func (c *Client) Automation(ctx context.Context, id string) (Automation, error) {
	return c.automation(ctx, call{op: AutomationGet, id: id})
}

// Automations lists the automations.
func (c *Client) Automations(ctx context.Context) ([]Automation, json.RawMessage, error) {
	return listOf(ctx, c, AutomationList, c.readAutomation)
}

func (c *Client) fields(a Automation) []field {
	var all []field
	for _, f := range []field{
		{SettingAutomationName, a.Name}, {SettingAutomationOn, a.Trigger}, {SettingAutomationDo, a.Action},
		{SettingAutomationMethod, a.Method}, {SettingAutomationURL, a.URL}, {SettingAutomationBody, a.Body},
	} {
		if f.value != "" {
			all = append(all, field{c.settings.Of(f.name), f.value})
		}
	}
	return all
}

// automation reads what Vidaoo says of one. A reply without a body is success too: what was asked for
// is known.
func (c *Client) automation(ctx context.Context, what call) (Automation, error) {
	body, err := c.call(ctx, what)
	if err != nil {
		return Automation{}, err
	}
	if what.op == AutomationUpdate && strings.TrimSpace(string(body)) == "" {
		return Automation{ID: what.id}, nil
	}
	r, err := c.decode(what.op, body)
	if err != nil {
		return Automation{}, err
	}
	a := c.readAutomation(r)
	if a.ID == "" {
		a.ID = what.id
	}
	return a, nil
}

func (c *Client) readAutomation(r reply) Automation {
	at := func(name string) string {
		path := c.settings.Of(name)
		if text := r.first(path, "data."+path); text != "" {
			return text
		}
		if v, ok := lookup(r.value, path); ok && v != nil { // a body may come as an object
			if text, err := json.Marshal(v); err == nil {
				return string(text)
			}
		}
		return ""
	}
	id, lacks := r.text(c.settings, SettingAutomationID)
	return Automation{
		ID: id, Name: at(SettingAutomationName), Trigger: at(SettingAutomationOn), Action: at(SettingAutomationDo),
		Method: at(SettingAutomationMethod), URL: at(SettingAutomationURL), Body: at(SettingAutomationBody),
		Raw: r.raw, Missing: missing(lacks),
	}
}
