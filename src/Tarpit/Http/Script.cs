namespace Blackwall.Tarpit.Http;

/// <summary>A script that needs nothing but the request.</summary>
internal sealed class Script(Func<HttpExchange, HttpAnswer> answer) : IHttpPersona
{
    public ValueTask<HttpAnswer> AnswerAsync(HttpExchange exchange, CancellationToken cancellation) => new(answer(exchange));
}
