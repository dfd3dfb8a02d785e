package static

import (
	"math"
	"strconv"
)

// rgb is a colour in linear light, 0 to 1.
type rgb [3]float64

// parseColour reads #RRGGBB.
func parseColour(hex string) (rgb, error) {
	n, err := strconv.ParseUint(hex[1:], 16, 32)
	if err != nil {
		return rgb{}, err
	}
	var c rgb
	for i := range c {
		v := float64(n>>(16-8*i)&0xFF) / 255
		if v <= 0.04045 {
			c[i] = v / 12.92
		} else {
			c[i] = math.Pow((v+0.055)/1.055, 2.4)
		}
	}
	return c, nil
}

// contrast is the WCAG contrast ratio.
func contrast(a, b rgb) float64 {
	la, lb := a.luminance()+0.05, b.luminance()+0.05
	return max(la, lb) / min(la, lb)
}

func (c rgb) luminance() float64 { return 0.2126*c[0] + 0.7152*c[1] + 0.0722*c[2] }

// sights are colour-vision deficiencies at full severity (Machado, Oliveira
// and Fernandes 2009), applied in linear light.
var sights = map[string][9]float64{
	"normal":       {1, 0, 0, 0, 1, 0, 0, 0, 1},
	"protanopia":   {0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998},
	"deuteranopia": {0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881},
	"tritanopia":   {1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900},
}

func (c rgb) seen(m [9]float64) rgb {
	var out rgb
	for i := range out {
		v := m[3*i]*c[0] + m[3*i+1]*c[1] + m[3*i+2]*c[2]
		out[i] = min(max(v, 0), 1)
	}
	return out
}

// lab is CIE L*a*b* under D65.
type lab struct{ l, a, b float64 }

func (c rgb) lab() lab {
	f := func(t float64) float64 {
		if t > 216.0/24389 {
			return math.Cbrt(t)
		}
		return (24389.0/27*t + 16) / 116
	}
	x := f((0.4124564*c[0] + 0.3575761*c[1] + 0.1804375*c[2]) / 0.95047)
	y := f(0.2126729*c[0] + 0.7151522*c[1] + 0.0721750*c[2])
	z := f((0.0193339*c[0] + 0.1191920*c[1] + 0.9503041*c[2]) / 1.08883)
	return lab{116*y - 16, 500 * (x - y), 200 * (y - z)}
}

func degrees(x float64) float64 { return x * 180 / math.Pi }
func radians(x float64) float64 { return x * math.Pi / 180 }

// hue is the hue angle in degrees.
func hue(a, b float64) float64 {
	if a == 0 && b == 0 {
		return 0
	}
	h := degrees(math.Atan2(b, a))
	if h < 0 {
		h += 360
	}
	return h
}

// deltaE is the CIEDE2000 distance.
func deltaE(p, q lab) float64 {
	pow7 := func(c float64) float64 { return math.Sqrt(math.Pow(c, 7) / (math.Pow(c, 7) + math.Pow(25, 7))) }
	g := 1 + 0.5*(1-pow7((math.Hypot(p.a, p.b)+math.Hypot(q.a, q.b))/2))
	c1, c2 := math.Hypot(p.a*g, p.b), math.Hypot(q.a*g, q.b)
	h1, h2 := hue(p.a*g, p.b), hue(q.a*g, q.b)
	dh, hm := h2-h1, (h1+h2)/2
	switch {
	case c1*c2 == 0:
		dh, hm = 0, h1+h2
	case math.Abs(dh) > 180:
		dh -= math.Copysign(360, dh)
		hm = math.Mod(hm+180, 360)
	}
	lm, cm := (p.l+q.l)/2, (c1+c2)/2
	t := 1 - 0.17*math.Cos(radians(hm-30)) + 0.24*math.Cos(radians(2*hm)) +
		0.32*math.Cos(radians(3*hm+6)) - 0.20*math.Cos(radians(4*hm-63))
	sl := 1 + 0.015*(lm-50)*(lm-50)/math.Sqrt(20+(lm-50)*(lm-50))
	sc, sh := 1+0.045*cm, 1+0.015*cm*t
	rt := -2 * pow7(cm) * math.Sin(radians(60*math.Exp(-math.Pow((hm-275)/25, 2))))
	dl, dc, dH := (q.l-p.l)/sl, (c2-c1)/sc, 2*math.Sqrt(c1*c2)*math.Sin(radians(dh/2))/sh
	return math.Sqrt(dl*dl + dc*dc + dH*dH + rt*dc*dH)
}
