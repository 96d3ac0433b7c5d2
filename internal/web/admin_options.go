package web

import (
	"strconv"
	"strings"

	"github.com/deskbell/deskbell/internal/wire"
)

// queueTimes are the options that are spans of time.
var queueTimes = []string{"ring", "patience", "alert_after", "wrap_up", "overflow_after"}

// defaultQueue has the options that a new queue has if nothing else is asked for.
func defaultQueue() queue {
	return queue{
		Queue:         wire.Queue{Strategy: "beep-all", Ring: "20s", Patience: "5m", AlertAfter: "30s", WrapUp: "0s", Capacity: 1},
		OverflowAfter: "1m", WhenClosed: "miss",
	}
}

func queueName(v visit) group {
	return group{Fields: []*field{{
		Name: "name", Kind: kindText, Label: v.T("Name"), Must: true,
		Help:    v.T("Short, such as web or sales. It is a part of the Receive URL and can't be changed later."),
		mistake: v.T("A name is 1 to 40 letters (a to z), digits, - and _, and begins with a letter or digit."),
		taken:   v.T("There is a queue of this name already. Choose another name."),
	}}}
}

// queueOptions are all options of a queue.
func queueOptions(v visit, q queue, queues []choice) []group {
	return []group{ringing(v, q), waiting(v, q, queues), opening(v, q), afterwards(v, q), letIn(v, q)}
}

func ringing(v visit, q queue) group {
	return group{Title: v.T("Ringing"), Fields: []*field{
		{
			Name: "strategy", Kind: kindChoice, Wide: true, Label: v.T("Whom to ring"), Value: q.Strategy,
			Choices: []choice{
				{"beep-all", v.T("all ready agents until one answers (beep-all)")},
				{"round-robin", v.T("one at a time, in turn (round-robin)")},
				{"least-recent", v.T("one at a time, whose last call is the longest ago (least-recent)")},
			},
			Help: v.T("A change counts from the next ring on."),
		},
		{
			Name: "ring", Kind: kindText, Label: v.T("Ring time"), Value: short(q.Ring),
			Help:    v.T("How long a call rings before it goes on to the next agent. Such as 20s."),
			mistake: v.T("Write a time from 1s to 1h, such as 20s."),
		},
		{
			Name: "capacity", Kind: kindNumber, Label: v.T("Calls of one agent at a time"), Value: strconv.Itoa(q.Capacity),
			Help:    v.T("An agent with so many calls gets no others. Usually 1."),
			mistake: v.T("Write a whole number from 1 to 20."),
		},
	}}
}

func waiting(v visit, q queue, queues []choice) group {
	return group{Title: v.T("Waiting"), Fields: []*field{
		{
			Name: "patience", Kind: kindText, Label: v.T("Patience"), Value: short(q.Patience),
			Help:    v.T("How long a call waits before it counts as missed. Such as 5m."),
			mistake: v.T("Write a time that is at least the ring time and at most 24h, such as 5m."),
		},
		{
			Name: "alert_after", Kind: kindText, Label: v.T("Alert after"), Value: short(q.AlertAfter),
			Help:    v.T("How long a call waits before supervisors are told. 0s is never."),
			mistake: v.T("Write a time up to 24h, such as 30s, or 0s for never."),
		},
		{
			Name: "overflow", Kind: kindChoice, Label: v.T("Overflow to"), Value: q.Overflow, Choices: queues,
			Help:    v.T("The queue whose agents are rung as well when nobody answers here."),
			mistake: v.T("That queue is not there any more. Choose another one."),
		},
		{
			Name: "overflow_after", Kind: kindText, Label: v.T("Overflow after"), Value: short(q.OverflowAfter),
			Help:    v.T("How long a call waits before they are. Such as 1m."),
			mistake: v.T("Write a time of at least 1s that is shorter than the patience, such as 1m."),
		},
	}}
}

func opening(v visit, q queue) group {
	return group{Title: v.T("Opening hours"), Fields: []*field{
		{
			Name: "hours", Kind: kindText, Wide: true, Label: v.T("Hours"), Value: q.Hours,
			Help:    v.T("Days (mon, tue, wed, thu, fri, sat, sun) and times, such as: mon-fri 09:00-18:00, sat 10:00-13:00. Empty: always open."),
			mistake: v.T("Write days and times like this: mon-fri 09:00-18:00, sat 10:00-13:00."),
		},
		{
			Name: "time_zone", Kind: kindText, Label: v.T("Time zone"), Value: q.TimeZone, Suggest: "zones",
			Help:    v.T("Such as Europe/Rome. Empty: UTC."),
			mistake: v.T("There is no such time zone. Write it like Europe/Rome."),
		},
		{
			Name: "when_closed", Kind: kindChoice, Label: v.T("A call outside the hours"), Value: q.WhenClosed,
			Choices: []choice{{"miss", v.T("is missed at once")}, {"ring", v.T("rings all the same")}},
		},
	}}
}

func afterwards(v visit, q queue) group {
	return group{Title: v.T("After the call"), Fields: []*field{
		{
			Name: "wrap_up", Kind: kindText, Label: v.T("Wrap-up time"), Value: short(q.WrapUp),
			Help:    v.T("An agent's time after a call before the next one rings. 0s is none."),
			mistake: v.T("Write a time up to 1h, such as 15s, or 0s for none."),
		},
		{
			Name: "dispositions", Kind: kindLines, Label: v.T("Dispositions"), Value: strings.Join(q.Dispositions, "\n"),
			Help:    v.T("What an agent may choose at the end of a call, one a line. Empty: agents write their own."),
			mistake: v.T("Write one a line, at most 100 lines of at most 80 characters."),
		},
		{
			Name: "recording", Kind: kindCheck, Wide: true, Label: v.T("Agents may record their calls"), Value: checked(q.Recording),
			Help: v.T("Vidaoo records and keeps the recordings; supervisors download them from the call. It needs the API key."),
		},
		{
			Name: "delete_meeting", Kind: kindCheck, Wide: true, Label: v.T("Finish ends the meeting at Vidaoo"), Value: checked(q.DeleteMeeting),
			Help: v.T("When an agent finishes a call, its meeting is deleted, and guests are led away. It needs the API key."),
		},
	}}
}

func letIn(v visit, q queue) group {
	return group{Title: v.T("What is let in"), Fields: []*field{
		{
			Name: "allow_from", Kind: kindLines, Label: v.T("Allowed networks"), Value: strings.Join(q.AllowFrom, "\n"),
			Help:    v.T("Addresses that may send webhooks, one a line. Vidaoo sends from 35.180.105.193. Empty: all."),
			mistake: v.T("Write addresses or networks, one a line and at most 100, such as 35.180.105.193 or 10.0.0.0/8."),
		},
		{
			Name: "link_hosts", Kind: kindLines, Label: v.T("Link hosts"), Value: strings.Join(q.LinkHosts, "\n"),
			Help:    v.T("Hosts to which a session link may lead, one a line, such as meet.example.com. Empty: all."),
			mistake: v.T("Write host names, one a line and at most 100, such as meet.example.com."),
		},
	}}
}
