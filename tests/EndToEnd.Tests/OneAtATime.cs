// Each class has a network and an appliance of its own; two cores cannot attack and defend several at once.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
