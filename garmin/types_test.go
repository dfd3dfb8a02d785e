package garmin_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"garner/garmin"
	"garner/health"
)

var snake = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// suffixed reports whether a name tells its unit: it is the unit, or ends in it.
func suffixed(name string, unit health.Unit) bool {
	return unit == health.None || name == string(unit) || strings.HasSuffix(name, "_"+string(unit))
}

func checkFields(t *testing.T, fields []garmin.Field) {
	t.Helper()
	seen := map[string]bool{}
	for _, fd := range fields {
		switch {
		case !snake.MatchString(fd.Name):
			t.Errorf("column %q is not snake_case", fd.Name)
		case seen[fd.Name]:
			t.Errorf("column %q stands twice", fd.Name)
		case !suffixed(fd.Name, fd.Unit):
			t.Errorf("column %q does not end in its unit %q", fd.Name, fd.Unit)
		case fd.Label == "":
			t.Errorf("column %q has no label", fd.Name)
		}
		seen[fd.Name] = true
	}
}

func TestColumnsAreUniqueSnakeCaseAndEndInTheirUnit(t *testing.T) {
	t.Parallel()
	for _, typ := range garmin.Types {
		checkFields(t, typ.Fields)
		parts := map[string]bool{}
		for _, table := range typ.Tables {
			checkFields(t, table.Fields)
			if parts[table.Name] || !snake.MatchString(table.Name) || table.Title == "" {
				t.Errorf("%s: table %q", typ.Key, table.Name)
			}
			parts[table.Name] = true
		}
		for _, s := range typ.Series {
			if parts[s.Name] || !snake.MatchString(s.Name) || s.Label == "" || s.Cadence <= 0 || s.JSON == "" {
				t.Errorf("%s: series %q", typ.Key, s.Name)
			}
			parts[s.Name] = true
		}
	}
}

func TestColumnNamesFollowGarminsNames(t *testing.T) {
	t.Parallel()
	got := map[string]string{}
	for _, typ := range garmin.Types {
		for _, fd := range typ.Fields {
			got[fd.JSON] = fd.Name
		}
	}
	for json, want := range map[string]string{
		"durationInSeconds":                       "duration_s",
		"restingHeartRateInBeatsPerMinute":        "resting_heart_rate_bpm",
		"distanceInMeters":                        "distance_m",
		"weightInGrams":                           "weight_g",
		"steps":                                   "steps",
		"activeKilocalories":                      "active_kcal",
		"bmrKilocalories":                         "bmr_kcal",
		"netKilocaloriesGoal":                     "net_goal_kcal",
		"overallSleepScore.value":                 "overall_sleep_score_value",
		"averageSpeedInMetersPerSecond":           "average_speed_mps",
		"averagePaceInMinutesPerKilometer":        "average_pace_min_per_km",
		"vo2Max":                                  "vo2_max_ml_per_kg_min",
		"bodyFatInPercent":                        "body_fat_pct",
		"avgDeviationCelsius":                     "avg_deviation_c",
		"systolic":                                "systolic_mmhg",
		"lastNightAvg":                            "last_night_avg_ms",
		"startingLatitudeInDegree":                "starting_latitude_deg",
		"isWebUpload":                             "is_web_upload",
		"met":                                     "met",
		"summary.maxBikeCadenceInRoundsPerMinute": "summary_max_bike_cadence_rpm",
		"pregnancySnapshot.weightGoalUserInput.heightInCentimeters": "pregnancy_snapshot_weight_goal_user_input_height_cm",
	} {
		if got[json] != want {
			t.Errorf("%s: want column %q, got %q", json, want, got[json])
		}
	}
}

func TestMetricsOfOneNameAreTheSame(t *testing.T) {
	t.Parallel()
	first := map[string]health.Metric{}
	for _, typ := range garmin.Types {
		for _, m := range typ.Metrics {
			if !snake.MatchString(m.Name) || m.Label == "" || m.Unit != "" && strings.HasSuffix(m.Name, "_"+string(m.Unit)) {
				t.Errorf("%s: metric %+v", typ.Key, m)
			}
			if was, ok := first[m.Name]; ok && was != m {
				t.Errorf("metric %s is declared differently: %s", m.Name, cmp.Diff(was, m))
			}
			first[m.Name] = m
		}
	}
	for _, m := range garmin.Derived {
		if _, ok := first[m.Name]; ok || m.Rule == "" {
			t.Errorf("derived metric %s: is another's name, or has no rule", m.Name)
		}
		first[m.Name] = m
	}
	all := garmin.Metrics()
	if len(all) != len(first) {
		t.Errorf("want %d metrics in all, got %d", len(first), len(all))
	}
}

func TestReadingsNameOnlyDeclaredMetrics(t *testing.T) {
	t.Parallel()
	for _, typ := range garmin.Types {
		seen := map[string]bool{}
		for _, it := range split(t, sample(t, typ.Key), "") {
			for _, r := range typ.Decode(it.Value).Readings {
				seen[r.Metric] = true
				if !slices.ContainsFunc(typ.Metrics, func(m health.Metric) bool { return m.Name == r.Metric }) {
					t.Errorf("%s yields undeclared %s", typ.Key, r.Metric)
				}
			}
		}
		for _, m := range typ.Metrics {
			if !seen[m.Name] {
				t.Errorf("%s: no sample yields %s", typ.Key, m.Name)
			}
		}
	}
}

// TestEveryDeclaredTypeIsListed reads the package's own source, so that a type
// that is written but not listed is noticed.
func TestEveryDeclaredTypeIsListed(t *testing.T) {
	t.Parallel()
	declared := 0
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		inFile := 0
		for _, decl := range file.Decls {
			if gen, ok := decl.(*ast.GenDecl); ok && gen.Tok == token.VAR {
				for _, spec := range gen.Specs {
					if isType(spec.(*ast.ValueSpec)) {
						inFile++
					}
				}
			}
		}
		if declared += inFile; inFile > 1 {
			t.Errorf("%s declares %d types; a type is a file", name, inFile)
		}
	}
	if declared != len(garmin.Types) {
		t.Errorf("%d types are declared and %d listed", declared, len(garmin.Types))
	}
}

// isType reports whether a variable is declared as &Type{…}.
func isType(spec *ast.ValueSpec) bool {
	if len(spec.Values) != 1 {
		return false
	}
	ref, ok := spec.Values[0].(*ast.UnaryExpr)
	if !ok {
		return false
	}
	lit, ok := ref.X.(*ast.CompositeLit)
	if !ok {
		return false
	}
	name, ok := lit.Type.(*ast.Ident)
	return ok && name.Name == "Type"
}

func TestLookupKnowsEveryNameOfAType(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]*garmin.Type{
		"sleeps": garmin.Sleeps, "SLEEPS": garmin.Sleeps, "respiration": garmin.AllDayRespiration,
		"allDayRespiration": garmin.AllDayRespiration,
		"pulseOx":           garmin.PulseOx, "pulseox": garmin.PulseOx, "moveiq": garmin.MoveIQActivities,
		"activityFile": garmin.ActivityFiles,
		"file":         garmin.ActivityFiles, "activities": garmin.Activities,
		"user/permissions": garmin.UserPermissionsChange,
	} {
		if got, ok := garmin.Lookup(name); !ok || got != want {
			t.Errorf("Lookup(%q) is not %s", name, want.Key)
		}
	}
	for _, name := range []string{"", "solarIntensity", "sleep"} {
		if _, ok := garmin.Lookup(name); ok {
			t.Errorf("Lookup(%q) finds a type", name)
		}
	}
}

func TestKindsAreTheTypesThatMakeRecords(t *testing.T) {
	t.Parallel()
	var got []string
	for _, k := range garmin.Kinds() {
		name := k.Type
		if k.Packed {
			name += " small"
		}
		if k.Overlap {
			name += " overlap"
		}
		got = append(got, name)
	}
	want := []string{"dailies", "sleeps overlap", "stressDetails", "hrv overlap", "epochs small", "pulseox small",
		"allDayRespiration small",
		"userMetrics", "bodyComps", "bloodPressures", "skinTemp", "healthSnapshot", "mct", "activities", "activityDetails",
		"moveIQActivities", "thirdPartyDailies", "hrvStatus", "fitnessAges", "hydration", "foodLogs", "wellnessActivities",
		"weightGoals", "heartRateZones", "profiles"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
