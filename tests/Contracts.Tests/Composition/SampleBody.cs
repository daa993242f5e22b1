namespace Blackwall.Tests.Composition;

internal sealed record SampleBody(int Size, int Rows);
