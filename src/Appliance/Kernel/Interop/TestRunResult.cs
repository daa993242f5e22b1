namespace Blackwall.Kernel.Interop;

/// <summary>What a program answered.</summary>
/// <param name="Code">XDP or tc action.</param>
/// <param name="Length">Bytes of the frame afterwards.</param>
/// <param name="Nanoseconds">Mean time of one run.</param>
internal readonly record struct TestRunResult(int Code, int Length, uint Nanoseconds);
