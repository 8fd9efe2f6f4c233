"""A detection model small enough to train in a test."""

TINY_SSD = """
model { ssd {
  num_classes: 90
  image_resizer { fixed_shape_resizer { height: 96 width: 96 } }
  feature_extractor {
    type: "ssd_mobilenet_v1_keras"
    depth_multiplier: 0.25
    min_depth: 8
    conv_hyperparams {
      regularizer { l2_regularizer { weight: 4e-05 } }
      initializer { truncated_normal_initializer { stddev: 0.03 } }
      activation: RELU_6
      batch_norm { decay: 0.9 scale: true epsilon: 0.001 }
    }
    override_base_feature_extractor_hyperparams: true
  }
  box_coder { faster_rcnn_box_coder {
    y_scale: 10 x_scale: 10 height_scale: 5 width_scale: 5
  } }
  matcher { argmax_matcher {
    matched_threshold: 0.5 unmatched_threshold: 0.5
    negatives_lower_than_unmatched: true force_match_for_each_row: true
  } }
  similarity_calculator { iou_similarity {} }
  encode_background_as_zeros: true
  anchor_generator { ssd_anchor_generator {
    num_layers: 6 min_scale: 0.2 max_scale: 0.95
    aspect_ratios: 1 aspect_ratios: 2 aspect_ratios: 0.5
  } }
  box_predictor { convolutional_box_predictor {
    kernel_size: 1 class_prediction_bias_init: -4.6
    conv_hyperparams {
      regularizer { l2_regularizer { weight: 4e-05 } }
      initializer { random_normal_initializer { stddev: 0.1 } }
      activation: RELU_6
    }
  } }
  loss {
    classification_loss { weighted_sigmoid_focal { alpha: 0.75 gamma: 2 } }
    localization_loss { weighted_smooth_l1 {} }
    classification_weight: 1 localization_weight: 1
  }
  normalize_loss_by_num_matches: true
  normalize_loc_loss_by_codesize: true
  post_processing {
    batch_non_max_suppression {
      score_threshold: 1e-8 iou_threshold: 0.6
      max_detections_per_class: 100 max_total_detections: 100
    }
    score_converter: SIGMOID
  }
} }
train_config {
  batch_size: 128
  sync_replicas: true replicas_to_aggregate: 8 use_bfloat16: true
  fine_tune_checkpoint: "PATH_TO_BE_CONFIGURED"
  fine_tune_checkpoint_type: "classification"
  data_augmentation_options { random_horizontal_flip {} }
  optimizer {
    momentum_optimizer {
      learning_rate { cosine_decay_learning_rate {
        learning_rate_base: 0.08 total_steps: 50000
        warmup_learning_rate: 0.026 warmup_steps: 1000
      } }
      momentum_optimizer_value: 0.9
    }
    use_moving_average: false
  }
  num_steps: 50000 max_number_of_boxes: 100
}
train_input_reader {
  label_map_path: "PATH_TO_BE_CONFIGURED"
  tf_record_input_reader { input_path: "PATH_TO_BE_CONFIGURED" }
}
eval_config { metrics_set: "coco_detection_metrics" }
eval_input_reader {
  label_map_path: "PATH_TO_BE_CONFIGURED" shuffle: false
  tf_record_input_reader { input_path: "PATH_TO_BE_CONFIGURED" }
}
"""
"""Of the zoo's shape: 90 classes, a TPU's batch, placeholders."""


def tiny_fpn(extractor: str, use_depthwise: bool) -> str:
    """Returns parts of an SSD whose feature maps share one class head."""
    depthwise = f"use_depthwise: {str(use_depthwise).lower()}"
    return f"""
        feature_extractor {{
          type: "{extractor}" {depthwise}
          fpn {{ min_level: 3 max_level: 5 additional_layer_depth: 16 }}
        }}
        box_predictor {{ weight_shared_convolutional_box_predictor {{
          conv_hyperparams {{
            regularizer {{ l2_regularizer {{ weight: 4e-05 }} }}
            initializer {{ random_normal_initializer {{ stddev: 0.1 }} }}
            activation: RELU_6
            batch_norm {{ decay: 0.9 scale: true epsilon: 0.001 }}
          }}
          depth: 16 num_layers_before_predictor: 1 kernel_size: 3
          share_prediction_tower: true {depthwise}
        }} }}
        anchor_generator {{ multiscale_anchor_generator {{
          min_level: 3 max_level: 5 anchor_scale: 4
          aspect_ratios: 1 aspect_ratios: 2 scales_per_octave: 2
        }} }}
    """
