package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/deskbell/deskbell/internal/vidaoo"
)

// recommended stands for the body that connect gives to an automation.
const recommended = "recommended"

func newAutomation() *cobra.Command {
	return group("automation", "Automations of Vidaoo, which send webhooks", newAutomationGet(), newAutomationSet(), newAutomationList())
}

func newAutomationGet() *cobra.Command {
	return asking(&cobra.Command{
		Use:   "get ID",
		Short: "Show an automation; its address holds a queue's secret",
		Args:  names(1, 1, "the automation's id"),
	}, func(cmd *cobra.Command, client *vidaoo.Client, args []string) error {
		a, err := client.Automation(cmd.Context(), args[0])
		return printAutomation(cmd, a, err)
	})
}

func newAutomationSet() *cobra.Command {
	var a vidaoo.Automation
	cmd := asking(&cobra.Command{
		Use:   "set ID",
		Short: "Change an automation; what is not named is not sent",
		Args:  names(1, 1, "the automation's id"),
	}, func(cmd *cobra.Command, client *vidaoo.Client, args []string) error {
		if a.Body == recommended {
			a.Body = vidaoo.AutomationBody
		}
		if a.Name+a.Trigger+a.Action+a.Method+a.URL+a.Body == "" {
			return usageError{errors.New("say what to change: --name, --trigger, --action, --method, --url or --body")}
		}
		changed, err := client.UpdateAutomation(cmd.Context(), args[0], a)
		if err == nil && changed.Raw == nil && !asJSON(cmd) {
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "The automation %s is changed.\n", shown(args[0]))
			return err
		}
		return printAutomation(cmd, changed, err)
	})
	f := cmd.Flags()
	f.StringVar(&a.Name, "name", "", "its name")
	f.StringVar(&a.Trigger, "trigger", "", "when it runs, such as \"Meeting Created\"")
	f.StringVar(&a.Action, "action", "", "what it does, such as Webhook")
	f.StringVar(&a.Method, "method", "", "of its webhook, such as POST")
	f.StringVar(&a.URL, "url", "", "where its webhook goes; other users of this machine can read it while the command runs")
	f.StringVar(&a.Body, "body", "", "its webhook's body, JSON with templates, or "+recommended)
	return cmd
}

func newAutomationList() *cobra.Command {
	return asking(&cobra.Command{
		Use:   "list",
		Short: "List the automations, without their addresses",
		Args:  names(0, 0, "no arguments"),
	}, func(cmd *cobra.Command, client *vidaoo.Client, _ []string) error {
		all, raw, err := client.Automations(cmd.Context())
		if asJSON(cmd) && raw != nil {
			return printRaw(cmd, raw, nil)
		}
		if err != nil {
			return err
		}
		return table(cmd.OutOrStdout(), "ID\tNAME\tTRIGGER", all, func(a vidaoo.Automation) string {
			return shown(a.ID) + "\t" + shown(a.Name) + "\t" + shown(a.Trigger)
		})
	})
}

func printAutomation(cmd *cobra.Command, a vidaoo.Automation, err error) error {
	if err != nil || asJSON(cmd) {
		return printRaw(cmd, a.Raw, err)
	}
	return fields(cmd.OutOrStdout(), "Id", shown(a.ID), "Name", shown(a.Name), "Trigger", shown(a.Trigger), "Action", shown(a.Action),
		"Method", shown(a.Method), "URL", shown(a.URL), "Body", shown(a.Body))
}
