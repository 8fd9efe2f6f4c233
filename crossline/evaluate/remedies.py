"""What may help, as the experiment's YAML says it."""

LARGER_INPUT = (
    "A network with a larger input (`model.checkpoint`: its config's resizer "
    "says how large), or crops that enlarge what they show (`augmentation: "
    "random_crop_image`); at the street, a camera that is nearer."
)
MORE_IMAGES = (
    "More images with {name} (`data.train`); until then, let those that "
    "there are count more (`balance.rule`)."
)
REMEDIES = {
    "missed": f"{MORE_IMAGES} Or longer training (`schedule.steps`).",
    "localisation": (
        "Look at the labels of {name} first, loose boxes teach loose boxes "
        "(scripts/check_dataset.py); then longer training "
        "(`schedule.steps`), or a network with a larger input "
        "(`model.checkpoint`)."
    ),
    "classification": (
        "More images that show {name} and {others} (`data.train`, "
        "`balance.rule`), in other colours and crops (`augmentation`)."
    ),
    "both": (
        "More images with {name} (`data.train`); look at its labels "
        "(scripts/check_dataset.py)."
    ),
    "duplicate": (
        "A lower IoU threshold of the non-maximum suppression in "
        "pipeline.config; training hardly changes it."
    ),
    "background": (
        "Images without objects teach what is none: `data.keep_empty: true`, "
        "and empty frames of your own camera; or a higher threshold."
    ),
}
"""By `ErrorKind.word`."""
