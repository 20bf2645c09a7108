"""What an SVG file may hold: elements and attributes that draw, and what editors note for themselves."""

from __future__ import annotations

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
XML = "http://www.w3.org/XML/1998/namespace"

# SVG 1.1 and 2 without scripts, links, animation, sound, film, foreign markup and what loads files.
ELEMENTS = frozenset(
    """circle clipPath defs desc ellipse feBlend feColorMatrix feComponentTransfer feComposite
    feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow feFlood feFuncA
    feFuncB feFuncG feFuncR feGaussianBlur feMerge feMergeNode feMorphology feOffset fePointLight
    feSpecularLighting feSpotLight feTile feTurbulence filter g image line linearGradient marker mask
    metadata path pattern polygon polyline radialGradient rect stop style svg switch symbol text
    textPath title tspan use""".split()
)
# Elements that draw something else of the same file, named by `href`.
REFERRING = frozenset("filter linearGradient pattern radialGradient textPath use".split())
TEXTS = frozenset("text textPath tspan".split())

# Their values are words, never CSS.
_WORDS = frozenset(
    """class content focusable id lang name requiredExtensions requiredFeatures role systemLanguage
    tabindex version""".split()
)
_GEOMETRY = frozenset(
    """baseProfile clipPathUnits cx cy d dx dy fr fx fy gradientTransform gradientUnits height
    lengthAdjust markerHeight markerUnits markerWidth maskContentUnits maskUnits media method offset
    orient pathLength patternContentUnits patternTransform patternUnits points preserveAspectRatio r
    refX refY rotate rx ry side spacing spreadMethod startOffset style textLength transform type
    viewBox width x x1 x2 y y1 y2 zoomAndPan""".split()
)
_FILTERS = frozenset(
    """amplitude azimuth baseFrequency bias diffuseConstant divisor edgeMode elevation exponent
    filterRes filterUnits in in2 intercept k1 k2 k3 k4 kernelMatrix kernelUnitLength
    limitingConeAngle mode numOctaves operator order pointsAtX pointsAtY pointsAtZ preserveAlpha
    primitiveUnits radius result scale seed slope specularConstant specularExponent stdDeviation
    stitchTiles surfaceScale tableValues targetX targetY values xChannelSelector yChannelSelector
    z""".split()
)
# The properties of CSS that may be written as attributes.
_PRESENTATION = frozenset(
    """alignment-baseline baseline-shift clip clip-path clip-rule color color-interpolation
    color-interpolation-filters color-profile color-rendering cursor direction display
    dominant-baseline enable-background fill fill-opacity fill-rule filter flood-color flood-opacity
    font font-family font-feature-settings font-size font-size-adjust font-stretch font-style
    font-variant font-weight glyph-orientation-horizontal glyph-orientation-vertical image-rendering
    isolation kerning letter-spacing lighting-color marker marker-end marker-mid marker-start mask
    mask-type mix-blend-mode opacity overflow paint-order pointer-events shape-rendering
    solid-color solid-opacity stop-color stop-opacity stroke stroke-dasharray stroke-dashoffset
    stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width text-align
    text-anchor text-decoration text-overflow text-rendering transform-origin unicode-bidi
    vector-effect visibility white-space word-spacing writing-mode""".split()
)
ATTRIBUTES = _WORDS | _GEOMETRY | _FILTERS | _PRESENTATION
ATTRIBUTES_OF_XLINK = frozenset("actuate show title type".split())
ATTRIBUTES_OF_XML = frozenset("lang space".split())

# Namespaces that mean something to editors and catalogues, and nothing to a browser.
EDITORS = {
    "adobe:ns:meta/": "xmpmeta",
    "http://creativecommons.org/ns#": "cc",
    "http://inkscape.sourceforge.net/DTD/sodipodi-0.dtd": "sodipodi-old",
    "http://ns.adobe.com/AdobeIllustrator/10.0/": "i",
    "http://ns.adobe.com/AdobeSVGViewerExtensions/3.0/": "a",
    "http://ns.adobe.com/Extensibility/1.0/": "x",
    "http://ns.adobe.com/Graphs/1.0/": "graph",
    "http://ns.adobe.com/SaveForWeb/1.0/": "sfw",
    "http://ns.adobe.com/xap/1.0/": "xmp",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd": "sodipodi",
    "http://svgjs.com/svgjs": "svgjs",
    "http://svgjs.dev/svgjs": "svgjs-dev",
    "http://vectornator.io": "vectornator",
    "http://web.resource.org/cc/": "cc-old",
    "http://www.bohemiancoding.com/sketch/ns": "sketch",
    "http://www.figma.com/figma/ns": "figma",
    "http://www.inkscape.org/namespaces/inkscape": "inkscape",
    "http://www.serif.com/": "serif",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
}


def is_words(attribute: str) -> bool:
    """Whether an attribute's value is words that nobody but people and programs of theirs will read."""
    return attribute in _WORDS or attribute.startswith(("data-", "aria-"))
