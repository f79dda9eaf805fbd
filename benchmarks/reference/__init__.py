SCHEMA = "reference"
