package api

import (
	"strings"

	"garner/garmin"
	"garner/health"
)

// schemas are those of the document, by name.
func schemas() schema {
	out := schema{
		"Problem":      structOf[problem](),
		"Document":     anyObject.about("An OpenAPI 3.1 document."),
		"Types":        pageOf(structOf[garmin.DictionaryEntry]()),
		"Person":       structOf[person](),
		"People":       pageOf(ref("Person")),
		"PersonAnswer": objectOf(schema{"data": ref("Person")}),
		"Records":      recordsPageOf(ref("Record")),
		"Metrics":      pageOf(metricsSchema()),
		"Series":       recordsPageOf(schema{"oneOf": []schema{ref("Samples"), ref("Buckets")}}),
		"Samples":      samplesSchema(),
		"Buckets":      bucketsSchema(),
		"Coverage":     pageOf(coverageSchema()),
		"Incidents":    pageOf(incidentSchema()),
		"Changes":      changesSchema(),
		"Change":       schema{"oneOf": []schema{ref("ChangedRecords"), ref("ChangedMetrics"), ref("ErasedPerson")}},
		"Damage":       objectOf(schema{"type": textSchema, "date": dateSchema, "reason": textSchema}),
		"Version":      versionSchema(),
	}
	addChanges(out)
	var oneOf []schema
	mapping := schema{}
	for _, key := range recordTypes {
		t, _ := garmin.Lookup(key)
		name := strings.ToUpper(key[:1]) + key[1:] + "Record"
		out[name] = recordSchema(t)
		oneOf, mapping[key] = append(oneOf, ref(name)), "#/components/schemas/"+name
	}
	out["Record"] = schema{"oneOf": oneOf, "discriminator": schema{"propertyName": "type", "mapping": mapping}}
	return out
}

// The members that several schemas have.
var (
	startMember  = timeSchema.about("Absent where the element has no start.")
	offsetMember = wholeSchema.about("How far the watch's clock was ahead of UTC, in seconds; absent where it is unknown.")
	deviceMember = textSchema.about("The Garmin device; empty where it is unknown.")
	originMember = schema{"type": "string", "pattern": originPattern}.about(
		"How the record came; several, joined by +, where it shows parts of several sources.")
	classMember = enumOf(classes...).about("The class of the version, of which a later one beats an earlier one.")
)

var originPattern = func() string {
	var words []string
	for o := health.Push; o <= health.Personal; o++ {
		words = append(words, o.String())
	}
	one := "(" + strings.Join(words, "|") + ")"
	return `^` + one + `(\+` + one + `)*$`
}()

var classes = func() (out []string) {
	for c := health.OffWrist; c <= health.Edited; c++ {
		out = append(out, c.Key())
	}
	return out
}()

// recordSchema describes the records of a type by its declaration.
func recordSchema(t *garmin.Type) schema {
	members := schema{
		"type":           enumOf(t.Key),
		"key":            textSchema.about("Identifies the record among those of the person and type."),
		"date":           dateSchema.about("The person's date."),
		"start_time_utc": startMember,
		"end_time_utc":   timeSchema.about("The last instant that the data reach."),
		"utc_offset_s":   offsetMember,
		"summary_id":     textSchema.about("Garmin's id of this version."),
		"device":         deviceMember,
		"origin":         originMember,
		"class":          classMember,
		"received_at":    timeSchema.about("When the current version was received."),
		"simulated":      boolSchema.about("Whether it comes from Garmin's Data Generator."),
		"blended":        boolSchema.about("Whether it has samples of an earlier and denser version."),
		"values":         fieldsSchema(t.Fields).about("The fields that the element has."),
		"extra":          anyObject.about("What the element has beyond all other members, by Garmin's names."),
		"versions":       listOf(ref("Version")).about("With include=versions: all versions, in order of arrival."),
		"sent":           anyObject.about("With include=sent: the element as sent."),
	}
	if len(t.Tables) > 0 {
		tables := schema{}
		for _, table := range t.Tables {
			entry := fieldsSchema(table.Fields)
			entry["properties"].(schema)["extra"] = anyObject.about("Values of another form than their field has.")
			tables[table.Name] = listOf(entry).about(table.Title)
		}
		members["tables"] = objectOf(tables).about("The lists that the element has.")
	}
	out := objectOf(members, "start_time_utc", "end_time_utc", "utc_offset_s", "extra", "versions", "sent")
	out["title"] = t.Title
	return out
}

// fieldsSchema describes some fields, none of which is always there.
func fieldsSchema(fields []garmin.Field) schema {
	members, names := schema{}, []string{}
	for _, f := range fields {
		form := map[garmin.Form]schema{garmin.Number: numberSchema, garmin.Time: numberSchema, garmin.Bool: boolSchema,
			garmin.Text: textSchema, garmin.Date: textSchema, garmin.Any: {}}[f.Form]
		member := form.about(f.Label)
		if f.Form == garmin.Time {
			member = form.about(f.Label + ", unix seconds")
		} else if f.Unit != health.None {
			member["x-unit"] = string(f.Unit)
		}
		members[f.Name], names = member, append(names, f.Name)
	}
	return objectOf(members, names...)
}

func versionSchema() schema {
	return objectOf(schema{
		"class": classMember, "received_at": timeSchema, "start_time_utc": timeSchema, "end_time_utc": timeSchema,
		"summary_id": textSchema, "current": boolSchema.about("Whether the record shows this version."),
	}, "start_time_utc", "end_time_utc", "summary_id")
}

func metricsSchema() schema {
	return objectOf(schema{"date": dateSchema, "values": dayMetricsSchema()})
}

// dayMetricsSchema describes the metrics of a day, none of which is always there.
func dayMetricsSchema() schema {
	members := schema{}
	for _, m := range garmin.Metrics() {
		member := numberSchema.about(m.Label)
		if _, word := garmin.MetricWord(m.Name, 0); word {
			member = textSchema.about(m.Label)
		}
		if m.Rule != "" {
			member["description"] = m.Label + ". Calculated by Garner: " + m.Rule
		}
		if m.Unit != health.None {
			member["x-unit"] = string(m.Unit)
		}
		members[m.Name] = member
	}
	return objectOf(members, metricNames...)
}

func samplesSchema() schema {
	return objectOf(schema{
		"date": dateSchema, "start_time_utc": startMember, "utc_offset_s": offsetMember, "device": deviceMember,
		"origin":  originMember,
		"time_s":  listOf(wholeSchema).about("When each sample was taken, in unix seconds."),
		"time_ms": listOf(wholeSchema).about("Instead of time_s where samples are finer than a second."),
		"value": listOf(schema{"type": []string{"number", "null"}}).about("The samples as sent; null where the device " +
			"reports why it has no value."),
		"off": listOf(objectOf(schema{"index": wholeSchema, "count": wholeSchema, "reason": textSchema})).about(
			"Why samples are null: count of them from an index on, which begins at 0."),
	}, "start_time_utc", "utc_offset_s", "time_s", "time_ms", "off")
}

func bucketsSchema() schema {
	numbers := listOf(schema{"type": []string{"number", "null"}})
	members := schema{"date": dateSchema, "every_s": wholeSchema.about("The length of a bucket in seconds."),
		"time_s": listOf(wholeSchema).about("When each bucket begins, in unix seconds. Buckets without values are left " +
			"out; one that reaches into two dates is in both, each with the values of its date.")}
	for _, agg := range aggregateNames {
		members[agg] = numbers
	}
	members["count"] = listOf(wholeSchema)
	return objectOf(members, aggregateNames...)
}

func changesSchema() schema {
	return objectOf(schema{"data": listOf(ref("Change")),
		"next": textSchema.about("The cursor to read on from, now or later; always there.")})
}

// addChanges adds the kinds of changes.
func addChanges(out schema) {
	person := wholeSchema.about("Never recurs, even where another person of the name is added.")
	slug := textSchema.about("The slug of the person at the time of the answer.")
	damaged := boolSchema.about("Set where something is damaged on disk and left out: keep what the mirror has.")
	out["ChangedRecords"] = objectOf(schema{"person_id": person, "person": slug, "date": dateSchema,
		"type": enumOf(recordTypes...), "records": listOf(ref("Record")), "damaged": damaged}, "damaged")
	out["ChangedMetrics"] = objectOf(schema{"person_id": person, "person": slug, "date": dateSchema,
		"metrics": dayMetricsSchema(), "damaged": damaged}, "damaged")
	out["ErasedPerson"] = objectOf(schema{"person_id": person, "erased": schema{"const": true}})
}

func coverageSchema() schema {
	states := []string{health.Present.Key()}
	for _, a := range health.Absences {
		states = append(states, a.Key())
	}
	out := structOf[covered]()
	member(out, "state")["enum"] = states
	member(out, "type")["enum"] = recordTypes
	return out
}

func incidentSchema() schema {
	out := structOf[incident]()
	member(out, "kind")["enum"] = incidentKinds
	return out
}

func member(object schema, name string) schema { return object["properties"].(schema)[name].(schema) }
