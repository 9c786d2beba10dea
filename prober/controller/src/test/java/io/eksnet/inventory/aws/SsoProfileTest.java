package io.eksnet.inventory.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.profiles.ProfileFile;

/** Profiles of IAM Identity Center, in both formats of the AWS CLI, as on a laptop. */
class SsoProfileTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        [profile admin]
        sso_start_url = https://unknown.awsapps.com/start
        sso_region = eu-west-1
        sso_account_id = 111122223333
        sso_role_name = Admin
        """,
        """
        [profile admin]
        sso_session = work
        sso_account_id = 111122223333
        sso_role_name = Admin
        [sso-session work]
        sso_start_url = https://unknown.awsapps.com/start
        sso_region = eu-west-1
        """
      })
  void needsALoginAndNoOtherModule(String config) {
    var file =
        ProfileFile.builder()
            .content(new ByteArrayInputStream(config.getBytes(UTF_8)))
            .type(ProfileFile.Type.CONFIGURATION)
            .build();
    try (var provider =
        ProfileCredentialsProvider.builder().profileFile(file).profileName("admin").build()) {
      assertThatThrownBy(provider::resolveCredentials)
          .hasMessageNotContaining("must be on the class path")
          .hasStackTraceContaining("sso");
    }
  }
}
