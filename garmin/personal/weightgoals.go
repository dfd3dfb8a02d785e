package personal

import "garner/health"

// weightGoals are the goals in force on the days that were asked for. The ranges of the
// answer repeat them for these days, so they are left out.
func (a *answer) weightGoals() error {
	rows, err := a.rows("userGoals")
	if err != nil {
		return err
	}
	for _, row := range rows {
		began, ok := date(row.Get("startDate"))
		if !ok || !hasAny(row, "goalValue") {
			continue
		}
		e := a.element()
		e.text("startDate", began.String())
		e.set("category", first(row, "userGoalCategory", "goalCategory", "category"))
		e.set("period", first(row, "goalPeriod", "trackingPeriodType", "period"))
		e.set("goalValueInGrams", row.Get("goalValue"))
		ends, ended := date(row.Get("endDate"))
		if ended {
			e.text("endDate", ends.String())
		}
		a.add("weightGoals", e)
		a.found(0, Data)
		a.inForce(began, ends, ended)
	}
	return nil
}

// inForce notes the days that were asked for on which a goal was in force.
func (a *answer) inForce(began, ends health.Day, ended bool) {
	for day := range a.out.Days {
		if day >= began && (!ended || day <= ends) {
			a.found(day, Data)
		}
	}
}
