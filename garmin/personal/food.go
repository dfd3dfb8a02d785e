package personal

import (
	"errors"

	"garner/garmin/element"
	"garner/health"
)

// food is what was eaten on a day: the totals, the goals, and the foods of each meal. A
// day without any entry has goals and zeros.
func (a *answer) food() error {
	v, err := a.object()
	if err != nil || v.Len() == 0 {
		return err
	}
	day, ok := a.day(v, "mealDate", "calendarDate")
	if !ok {
		return errors.New("names no date")
	}
	if a.elsewhere(day) {
		return nil
	}
	meals, foods := eaten(v.Get("mealDetails"))
	total, _ := v.Path("dailyNutritionContent.calories").Float()
	if len(foods) == 0 && total <= 0 {
		a.found(day, Placeholder)
		return nil
	}
	a.found(day, Data)
	a.add("foodLogs", a.foodLog(day, v, meals, foods))
	return nil
}

func (a *answer) foodLog(day health.Day, v element.Value, meals, foods []*object) *object {
	e := a.element()
	e.text("calendarDate", day.String())
	content, goals := v.Get("dailyNutritionContent"), v.Get("dailyNutritionGoals")
	for _, n := range nutrients {
		e.set("consumed"+n.suffix, content.Get(n.name))
		e.set("goal"+n.suffix, goals.Get(n.name))
		e.set("adjustedGoal"+n.suffix, goals.Get(n.adjusted))
	}
	e.list("meals", meals)
	e.list("foods", foods)
	return e
}

// nutrients are what meals and foods have: Garmin's names, and the end of the name in an
// element.
var nutrients = []struct{ name, adjusted, member, suffix string }{
	{"calories", "adjustedCalories", "energyKilocalories", "Kilocalories"},
	{"carbs", "adjustedCarbs", "carbsInGrams", "CarbsInGrams"},
	{"protein", "adjustedProtein", "proteinInGrams", "ProteinInGrams"},
	{"fat", "adjustedFat", "fatInGrams", "FatInGrams"},
}

// nourish sets what a meal or a serving contains.
func (o *object) nourish(content element.Value) {
	for _, n := range nutrients {
		o.set(n.member, content.Get(n.name))
	}
}

// eaten are the rows of the meals in which something was eaten, and of their foods.
func eaten(details element.Value) (meals, foods []*object) {
	for detail := range details.Items() {
		name, logged := detail.Path("meal.mealName"), detail.Get("loggedFoods")
		for food := range logged.Items() {
			f := nested()
			content := first(food, "nutritionContent", "selectedNutritionContent")
			f.set("mealName", name)
			f.set("foodName", food.Path("foodMetaData.foodName"))
			f.set("brandName", food.Path("foodMetaData.brandName"))
			f.set("servings", food.Get("servingQty"))
			f.set("servingUnit", content.Get("servingUnit"))
			f.set("unitsPerServing", content.Get("numberOfUnits"))
			f.nourish(content)
			foods = append(foods, f)
		}
		if logged.Len() > 0 {
			m := nested()
			m.set("mealName", name)
			m.nourish(detail.Get("mealNutritionContent"))
			meals = append(meals, m)
		}
	}
	return meals, foods
}
