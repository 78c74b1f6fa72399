"""The soak: hours of a steady load with faults now and then; everything that can grow is watched."""
