// Each class has a network and an appliance of its own; two cores cannot attack and defend several at once.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
