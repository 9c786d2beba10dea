package io.eksnet.inventory.aws;

import io.eksnet.model.inventory.Unavailable.Reason;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;

/**
 * Makes every request to a service, those of paginators included, wait for the rate limit, reports
 * its outcome and classifies its failure. The wait blocks the calling thread, and is not part of
 * the request's timeout.
 */
record RequestInterceptor(
    AwsService service,
    RateLimiter limiter,
    AwsCredentialsProvider credentials,
    AwsRequestListener listener)
    implements ExecutionInterceptor {
  private static final ExecutionAttribute<Long> START = new ExecutionAttribute<>("eksnet.Start");

  @Override
  public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
    try {
      listener.onRateLimitWait(service.label(), limiter.acquire());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw AwsException.error("closed");
    }
    attributes.putAttribute(START, System.nanoTime());
    try {
      credentials.resolveCredentials();
    } catch (RuntimeException e) {
      throw failed(e, attributes); // the SDK would fail without telling its interceptors
    }
  }

  /** The SDK numbers attempts in a header: {@code amz-sdk-request: attempt=2; max=2}. */
  @Override
  public void beforeTransmission(
      Context.BeforeTransmission context, ExecutionAttributes attributes) {
    context
        .httpRequest()
        .firstMatchingHeader("amz-sdk-request")
        .filter(attempt -> !attempt.startsWith("attempt=1;"))
        .ifPresent(retry -> limiter.onRetry());
  }

  @Override
  public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
    limiter.onSuccess();
    report("ok", attributes);
  }

  /** Attaches the classified failure: the SDK takes no exception of another class in return. */
  @Override
  public void onExecutionFailure(Context.FailedExecution context, ExecutionAttributes attributes) {
    context.exception().addSuppressed(failed(context.exception(), attributes));
  }

  private AwsException failed(Throwable thrown, ExecutionAttributes attributes) {
    var failure = AwsErrorClassifier.classify(operation(attributes), thrown);
    if (failure.lack().reason() == Reason.THROTTLED) {
      limiter.onThrottled();
    }
    report(failure.lack().reason().label(), attributes);
    return failure;
  }

  private void report(String outcome, ExecutionAttributes attributes) {
    var nanos = System.nanoTime() - attributes.getAttribute(START);
    listener.onRequest(service.label(), operation(attributes), outcome, nanos);
  }

  private static String operation(ExecutionAttributes attributes) {
    return attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME);
  }
}
