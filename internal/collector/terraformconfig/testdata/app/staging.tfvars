instance_type = "t3.small"
env           = "staging"
