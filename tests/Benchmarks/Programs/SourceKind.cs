namespace Blackwall.Benchmarks.Programs;

/// <summary>Where the bench programs take source addresses from; <c>enum kind</c> of bench.bpf.c.</summary>
internal enum SourceKind : uint
{
    FromList = 0,
    Random = 1,
    Flows = 2,
    Syns = 3,
}
