package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/deskbell/deskbell/internal/vidaoo"
)

func newMeeting() *cobra.Command {
	return group("meeting", "Meetings of Vidaoo", newMeetingCreate(), newMeetingGet(), newMeetingList(), newMeetingDelete())
}

func newMeetingCreate() *cobra.Command {
	var m vidaoo.NewMeeting
	var metadata string
	cmd := asking(&cobra.Command{
		Use:   "create",
		Short: "Make a meeting: Vidaoo's automation then rings the queue",
		Args:  names(0, 0, "no arguments"),
	}, func(cmd *cobra.Command, client *vidaoo.Client, _ []string) (err error) {
		if m.Topic == "" {
			return usageError{errors.New("say what the meeting is about: --topic TEXT")}
		}
		if m.Metadata, err = object(metadata); err != nil {
			return err
		}
		made, err := client.CreateMeeting(cmd.Context(), m)
		return printMeeting(cmd, made, err)
	})
	f := cmd.Flags()
	f.StringVar(&m.Topic, "topic", "", "the meeting's topic")
	f.StringVar(&metadata, "metadata", "", "what the automation's templates take from, a JSON object such as {\"name\":\"Maria\"}")
	f.StringVar(&m.GuestRedirectionURL, "guest-redirection-url", "", "where guests go when they leave or the organiser ends the meeting")
	return cmd
}

// object reads the metadata; nil for none. Numbers keep their digits.
func object(text string) (map[string]any, error) {
	if text == "" {
		return nil, nil
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var metadata map[string]any
	if err := decoder.Decode(&metadata); err != nil || metadata == nil || !json.Valid([]byte(text)) {
		return nil, usageError{fmt.Errorf("--metadata is no JSON object: write it like '{\"name\":\"Maria\"}'")}
	}
	return metadata, nil
}

// printMeeting shows a meeting. Without an id nobody can go on with it.
func printMeeting(cmd *cobra.Command, m vidaoo.Meeting, err error) error {
	if err != nil || asJSON(cmd) {
		return printRaw(cmd, m.Raw, err)
	}
	if err := fields(cmd.OutOrStdout(), "Id", shown(m.ID), "Session", shown(m.Session), "Topic", shown(m.Topic), "Link", orDash(m.Link)); err != nil {
		return err
	}
	note(cmd, m.Missing, vidaoo.SettingMeetingID)
	return m.Lacks(vidaoo.SettingMeetingID)
}

func newMeetingGet() *cobra.Command {
	return asking(&cobra.Command{
		Use:   "get ID",
		Short: "Show a meeting",
		Args:  names(1, 1, "the meeting's id"),
	}, func(cmd *cobra.Command, client *vidaoo.Client, args []string) error {
		m, err := client.Meeting(cmd.Context(), args[0])
		return printMeeting(cmd, m, err)
	})
}

func newMeetingList() *cobra.Command {
	return asking(&cobra.Command{
		Use:   "list",
		Short: "List meetings, without their links",
		Args:  names(0, 0, "no arguments"),
	}, func(cmd *cobra.Command, client *vidaoo.Client, _ []string) error {
		all, raw, err := client.Meetings(cmd.Context())
		if asJSON(cmd) && raw != nil {
			return printRaw(cmd, raw, nil)
		}
		if err != nil {
			return err
		}
		return table(cmd.OutOrStdout(), "ID\tTOPIC", all, func(m vidaoo.Meeting) string { return shown(m.ID) + "\t" + shown(m.Topic) })
	})
}

func newMeetingDelete() *cobra.Command {
	return asking(&cobra.Command{
		Use:   "delete ID",
		Short: "Delete a meeting",
		Args:  names(1, 1, "the meeting's id"),
	}, func(cmd *cobra.Command, client *vidaoo.Client, args []string) error {
		raw, err := client.DeleteMeeting(cmd.Context(), args[0])
		if err != nil || asJSON(cmd) {
			return printRaw(cmd, raw, err)
		}
		_, err = fmt.Fprintf(cmd.OutOrStdout(), "The meeting %s is deleted.\n", shown(args[0]))
		return err
	})
}
