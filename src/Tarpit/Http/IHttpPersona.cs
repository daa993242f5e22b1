namespace Blackwall.Tarpit.Http;

/// <summary>Something that answers requests: an application on the machine.</summary>
internal interface IHttpPersona
{
    ValueTask<HttpAnswer> AnswerAsync(HttpExchange exchange, CancellationToken cancellation);
}
