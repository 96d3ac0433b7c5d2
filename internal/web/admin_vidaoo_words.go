package web

import (
	"regexp"

	"github.com/deskbell/deskbell/internal/vidaoo"
)

func stepTitle(v visit, name string) string {
	title := map[string]string{
		vidaoo.StepQueue: v.T("Receive URL"), vidaoo.StepToken: v.T("API key"), vidaoo.StepAutomation: v.T("Automation"),
		vidaoo.StepMeeting: v.T("Test meeting"), vidaoo.StepKey: v.T("Keeping the key"), vidaoo.StepWebhook: v.T("Webhook"), vidaoo.StepCleanup: v.T("Cleaning up"),
	}[name]
	if title == "" {
		return name
	}
	return title
}

func outcomeWord(v visit, o vidaoo.Outcome) string {
	switch o {
	case vidaoo.OK:
		return v.T("done")
	case vidaoo.Failed:
		return v.T("failed")
	case vidaoo.Manual:
		return v.T("for you to do")
	}
	return v.T("left out")
}

// told is a sentence of a step that pages say in other languages too. What is not
// one of these stays as the command says it, in English.
type told struct {
	form *regexp.Regexp
	say  func(v visit, parts []string) string
}

// stepSentences are those that are heard most: that a step is done, and the faults
// that an administrator can put right.
var stepSentences = []told{
	{regexp.MustCompile(`^Webhooks for (\S+) go to (\S+)\.$`), func(v visit, p []string) string { return v.T("Webhooks for %s go to %s.", p[1], p[2]) }},
	{regexp.MustCompile(`^The queue's Receive URL does not begin with https://`), func(v visit, _ []string) string {
		return v.T("The queue's Receive URL does not begin with https://, and Vidaoo sends to no other: start the hub with --public-url https://HOST.")
	}},
	{regexp.MustCompile(`^The queue's Receive URL is on (\S+), which Vidaoo can't reach`), func(v visit, p []string) string {
		return v.T("The queue's Receive URL is on %s, which Vidaoo can't reach from where it is: start the hub with --public-url and the https address at which the internet reaches it.", p[1])
	}},
	{regexp.MustCompile(`^(\S+) takes the key\.$`), func(v visit, p []string) string { return v.T("%s takes the key.", p[1]) }},
	{regexp.MustCompile(`^The key could not be verified: its user may not ask for that\.`), func(v visit, _ []string) string {
		return v.T("The key could not be verified: its user may not ask for that. The test meeting will show whether it is good.")
	}},
	{regexp.MustCompile(`: the API key is wrong or was revoked;`), func(v visit, _ []string) string {
		return v.T("Vidaoo does not take the key: it is wrong or was revoked. Generate a new API token in Vidaoo (key button, Generate API Token) and give it whole.")
	}},
	{regexp.MustCompile(`: the user of the API key may not do this; give its role the right to manage meetings`), func(v visit, _ []string) string {
		return v.T("The user of the API key may not do this: give its role the right to manage meetings in Vidaoo, or use the key of a user who may.")
	}},
	{regexp.MustCompile(`: nothing listens at (\S+): check base-url`), func(v visit, p []string) string {
		return v.T("Nothing listens at %s: check the address of Vidaoo's API.", p[1])
	}},
	{regexp.MustCompile(`: there is no machine (\S+), or this one can't find it`), func(v visit, p []string) string {
		return v.T("There is no machine %s, or the hub can't find it: check the address of Vidaoo's API and the network.", p[1])
	}},
	{regexp.MustCompile(`^The automation (“.*”(?: \(\S+\))?) is made: when a meeting is created, Vidaoo posts it to the queue's Receive URL\.$`), func(v visit, p []string) string {
		return v.T("The automation %s is made: when a meeting is created, Vidaoo posts it to the queue's Receive URL.", p[1])
	}},
	{regexp.MustCompile(`^The automation (“.*”(?: \(\S+\))?) is updated: when a meeting is created, Vidaoo posts it to the queue's Receive URL\.$`), func(v visit, p []string) string {
		return v.T("The automation %s is updated: when a meeting is created, Vidaoo posts it to the queue's Receive URL.", p[1])
	}},
	{regexp.MustCompile(`^Deskbell can't make the automation \((.*)\)\. In Vidaoo's administration, create`), func(v visit, p []string) string {
		return v.T("Deskbell can't make the automation (%s). In Vidaoo's administration, create an automation with these values, save it and switch it on.", p[1])
	}},
	{regexp.MustCompile(`^The test meeting (\S+) is made\.$`), func(v visit, p []string) string { return v.T("The test meeting %s is made.", p[1]) }},
	{regexp.MustCompile(`^The key is stored in (.*), which only the hub's user can read\.$`), func(v visit, p []string) string {
		return v.T("The key is stored in %s, which only the hub's user can read.", p[1])
	}},
	{regexp.MustCompile(`^The key stays in systemd's credentials\.$`), func(v visit, _ []string) string { return v.T("The key stays in systemd's credentials.") }},
	{regexp.MustCompile(`^The webhook came and made a call: Vidaoo rings (\S+)\.$`), func(v visit, p []string) string {
		return v.T("The webhook came and made a call: Vidaoo rings %s.", p[1])
	}},
	{regexp.MustCompile(`^No webhook of the test meeting came within (\S+)\. Vidaoo's webhooks come from (\S+) to port (\d+): let them through`), func(v visit, p []string) string {
		return v.T("No webhook of the test meeting came within %s. Vidaoo's webhooks come from %s to port %s: let them through the firewall, and check that the automation is switched on. The hub's certificate must be one that everybody trusts.", short(p[1]), p[2], p[3])
	}},
	{regexp.MustCompile(`^No webhook of the test meeting came within (\S+)\. If the automation is not made yet.* come from (\S+) to port (\d+): let them through`), func(v visit, p []string) string {
		return v.T("No webhook of the test meeting came within %s. If the automation is not made yet, make it as said above and connect again. Vidaoo's webhooks come from %s to port %s: let them through the firewall.", short(p[1]), p[2], p[3])
	}},
	{regexp.MustCompile(`^The test's call is canceled\. The test meeting is deleted\.$`), func(v visit, _ []string) string {
		return v.T("The test's call is canceled. The test meeting is deleted.")
	}},
	{regexp.MustCompile(`^The test meeting is deleted\.$`), func(v visit, _ []string) string { return v.T("The test meeting is deleted.") }},
	{regexp.MustCompile(`^There is nothing to clean up\.$`), func(v visit, _ []string) string { return v.T("There is nothing to clean up.") }},
	{regexp.MustCompile(`^Not tried, because of the step (\w+)\.$`), func(v visit, p []string) string {
		return v.T("Not tried, because of the step “%s”.", stepTitle(v, p[1]))
	}},
}

// stepWords say what a step found. English is as the command says it.
func stepWords(v visit, step vidaoo.Step) (sentence string, english bool) {
	if v.Lang() == "en" {
		return step.Sentence, false
	}
	for _, one := range stepSentences {
		if parts := one.form.FindStringSubmatch(step.Sentence); parts != nil {
			return one.say(v, parts), false
		}
	}
	return step.Sentence, true
}

// PasteLabel is a field of Vidaoo's pages: its own words, which are English.
func (v visit) PasteLabel(field string) string {
	if field == "Body" {
		return v.T("Body")
	}
	return field
}
