
namespace Blackwall.Tarpit.Http.Front;

/// <summary>The last hop to a persona in this process: a call.</summary>
internal sealed class PersonaHandler(IHttpPersona persona) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        request.Options.TryGetValue(YarpFront.Exchange, out HttpExchange? exchange)
            ? new PersonaMessage(await persona.AnswerAsync(exchange, cancellationToken))
            : throw new HttpRequestException("The request came by another way than the front door.");
}
