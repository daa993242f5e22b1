using Blackwall.Inspection.Wire;

namespace Blackwall.Inspection;

/// <summary>Takes the requests of streams, each once.</summary>
internal interface IRequestSink
{
    /// <param name="request">Valid during the call; its body is as much of it as came with the head.</param>
    void OnRequest(in HttpHead request);

    /// <summary>The beginning of the body of the request before, which came later.</summary>
    void OnBody(ReadOnlySpan<byte> body);
}
