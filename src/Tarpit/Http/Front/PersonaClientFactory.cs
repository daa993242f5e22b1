using Yarp.ReverseProxy.Forwarder;

namespace Blackwall.Tarpit.Http.Front;

/// <summary>Gives each cluster the only way that it has to its destination.</summary>
internal sealed class PersonaClientFactory(IReadOnlyDictionary<string, IHttpPersona> personas, DecoyConnector? decoy) : IForwarderHttpClientFactory
{
    public HttpMessageInvoker CreateClient(ForwarderHttpClientContext context) => new(
        personas.TryGetValue(context.ClusterId, out IHttpPersona? persona) ? new PersonaHandler(persona)
        : decoy?.CreateHandler() ?? throw new InvalidOperationException($"There is no cluster {context.ClusterId}."),
        disposeHandler: true);
}
